package io.ringmaster.proxy.cli;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code ringmaster completion}: a script by which a shell completes the command line. */
final class CompletionCommand implements Subcommand {

  /** What is typed as the value of such an option is a path. */
  private static final List<String> PATHS = List.of("FILE", "DIR");

  // The bash of macOS has no compopt. Bash takes what stands before and after = and : for words.
  private static final String SCRIPT =
      """
      # Completes the command line of ringmaster in bash.
      _ringmaster() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=
        COMPREPLY=()
        case $before in
          %s) compopt -o default 2> /dev/null || COMPREPLY=($(compgen -f -- "$word")); return ;;
          %s|=|:) return ;;
        esac
        if [ "$COMP_CWORD" -eq 1 ]; then
          words='%s'
        else
          case ${COMP_WORDS[1]} in
      %s
          esac
        fi
        COMPREPLY=($(compgen -W "$words" -- "$word"))
      }
      complete -F _ringmaster ringmaster
      """;

  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String description() {
    return "Print a script by which bash completes commands and options.";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public List<String> arguments() {
    return List.of("bash");
  }

  @Override
  public int run(Call call) {
    String cases =
        Main.COMMANDS.stream()
            .map(command -> "      %s) words='%s' ;;".formatted(command.name(), words(command)))
            .collect(Collectors.joining("\n"));
    String script =
        SCRIPT.formatted(
            options(CompletionCommand::isPath),
            options(option -> !isPath(option)),
            String.join(" ", Main.firstWords()),
            cases);
    call.out().print(script);
    call.out().flush();
    return 0;
  }

  private static boolean isPath(Option option) {
    return PATHS.contains(option.getArgName());
  }

  /** Returns the options of all commands that have a value of this kind, as a pattern. */
  private static String options(Predicate<Option> kind) {
    return Main.COMMANDS.stream()
        .map(command -> command.options().getOptions())
        .flatMap(Collection::stream)
        .filter(Option::hasArg)
        .filter(kind)
        .map(Call::typed)
        .distinct()
        .collect(Collectors.joining("|"));
  }

  private static String words(Subcommand command) {
    Stream<String> options = command.options().getOptions().stream().map(Call::typed);
    return Stream.of(command.arguments().stream(), options, Stream.of("--help"))
        .flatMap(words -> words)
        .collect(Collectors.joining(" "));
  }
}
