package io.ringmaster.proxy.local;

/**
 * Patterns as Redis knows them, whatever the case: {@code *}, {@code ?}, {@code [a-z]}, {@code
 * [^a-z]}, and a backslash before what stands for itself.
 */
final class Glob {

  private final String pattern;

  Glob(String pattern) {
    this.pattern = pattern;
  }

  /** Whether {@code text} is one that could have been meant otherwise than literally. */
  static boolean isPattern(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  boolean matches(String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int retry = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = t;
        continue;
      }
      int next = p < pattern.length() ? behindMatching(p, text.charAt(t)) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Where the pattern goes on behind the element at {@code p}; -1 if {@code c} is not of it. */
  private int behindMatching(int p, char c) {
    return switch (pattern.charAt(p)) {
      case '?' -> p + 1;
      case '[' -> behindSet(p + 1, c);
      case '\\' -> {
        int literal = p + 1 < pattern.length() ? p + 1 : p;
        yield same(pattern.charAt(literal), c) ? literal + 1 : -1;
      }
      default -> same(pattern.charAt(p), c) ? p + 1 : -1;
    };
  }

  /** A set that does not end goes to the end of the pattern. */
  private int behindSet(int begin, char c) {
    int p = begin;
    boolean not = p < pattern.length() && pattern.charAt(p) == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length() && pattern.charAt(p) != ']') {
      if (pattern.charAt(p) == '\\' && p + 1 < pattern.length()) {
        found |= same(pattern.charAt(p + 1), c);
        p += 2;
      } else if (p + 2 < pattern.length() && pattern.charAt(p + 1) == '-') {
        found |= isBetween(pattern.charAt(p), c, pattern.charAt(p + 2));
        p += 3;
      } else {
        found |= same(pattern.charAt(p), c);
        p++;
      }
    }
    return found == not ? -1 : Math.min(p + 1, pattern.length());
  }

  private static boolean isBetween(char one, char c, char other) {
    char low = lower(one);
    char high = lower(other);
    return lower(c) >= Math.min(low, high) && lower(c) <= Math.max(low, high);
  }

  private static boolean same(char one, char other) {
    return lower(one) == lower(other);
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
  }
}
