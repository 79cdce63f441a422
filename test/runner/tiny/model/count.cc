int count(int n);

int count(int n) {
    return n + 1;
}
