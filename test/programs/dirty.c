/* Writes DIRTY bytes (-DDIRTY=) of its data and ends: what a restore has to put back. */
static volatile char data[DIRTY < 64 ? 64 : DIRTY];

int main(void) {
    for (int i = 0; i < DIRTY; i += 64) {
        data[i] = 1;
    }
    return 0;
}
