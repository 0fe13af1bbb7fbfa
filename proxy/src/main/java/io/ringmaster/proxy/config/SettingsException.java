package io.ringmaster.proxy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; carries all its problems, in the order of the settings. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** Carries the problems, of which there is at least one. */
  public SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
