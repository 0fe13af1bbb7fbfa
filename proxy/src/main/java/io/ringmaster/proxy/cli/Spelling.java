package io.ringmaster.proxy.cli;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that was meant by one that does not exist. */
final class Spelling {

  private Spelling() {}

  /** Returns a question for the nearest of {@code words}, or nothing if none is near. */
  static String hint(String typed, Collection<String> words) {
    return words.stream()
        .filter(word -> distance(typed, word) <= mistakes(word))
        .min(Comparator.comparingInt(word -> distance(typed, word)))
        .map(word -> " (did you mean " + word + "?)")
        .orElse("");
  }

  /** In a short word each mistake may make another word of it. */
  private static int mistakes(String word) {
    int letters = word.startsWith("--") ? word.length() - 2 : word.length();
    return (letters + 1) / 3;
  }

  /**
   * Returns how many letters are missing, superfluous, wrong, or exchanged with their neighbour
   * (optimal string alignment).
   */
  private static int distance(String left, String right) {
    int[][] distance = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int wrong = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int one = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
        distance[i][j] = Math.min(one, distance[i - 1][j - 1] + wrong);
        if (isExchanged(left, i, right, j)) {
          distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
      }
    }
    return distance[left.length()][right.length()];
  }

  private static boolean isExchanged(String left, int i, String right, int j) {
    return i > 1
        && j > 1
        && left.charAt(i - 1) == right.charAt(j - 2)
        && left.charAt(i - 2) == right.charAt(j - 1);
  }
}
