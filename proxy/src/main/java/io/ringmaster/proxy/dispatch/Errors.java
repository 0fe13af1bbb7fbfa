package io.ringmaster.proxy.dispatch;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.command.CommandSpec;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Errors in Redis' own wording. */
public final class Errors {

  public static final String SYNTAX = "ERR syntax error";
  public static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
  public static final String NO_DATABASE = "ERR DB index is out of range";
  static final String RESERVED_KEY = "ERR keys that begin with the byte 1 are reserved";
  public static final String NO_AUTH = "NOAUTH Authentication required.";

  private static final int SHOWN = 128;

  private Errors() {}

  public static String wrongArguments(CommandSpec command) {
    return "ERR wrong number of arguments for '" + command.name() + "' command";
  }

  public static String noPermission(CommandSpec command) {
    return "NOPERM this user has no permissions to run the '" + command.name() + "' command";
  }

  public static String unknownCommand(Arguments request) {
    StringBuilder text = new StringBuilder("ERR unknown command '");
    text.append(shown(request, 0, SHOWN)).append("', with args beginning with: ");
    int begin = text.length();
    for (int i = 1; i < request.count() && text.length() - begin < SHOWN; i++) {
      text.append('\'').append(shown(request, i, SHOWN - (text.length() - begin))).append("' ");
    }
    return text.toString();
  }

  public static String unknownSubcommand(CommandSpec command, Arguments request) {
    return "ERR unknown subcommand '"
        + shown(request, 1, SHOWN)
        + "'. Try "
        + command.name().toUpperCase(Locale.ROOT)
        + " HELP.";
  }

  /** The text of argument {@code index}, cut to {@code limit} bytes, and before a zero byte. */
  private static String shown(Arguments request, int index, int limit) {
    byte[] bytes = request.bytes(index);
    String text = new String(bytes, 0, Math.min(bytes.length, limit), StandardCharsets.ISO_8859_1);
    int zero = text.indexOf('\0');
    return zero < 0 ? text : text.substring(0, zero);
  }
}
