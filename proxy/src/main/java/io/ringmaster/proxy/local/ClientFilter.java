package io.ringmaster.proxy.local;

import static io.ringmaster.proxy.local.Words.integer;
import static io.ringmaster.proxy.local.Words.keyword;
import static io.ringmaster.proxy.local.Words.text;

import io.ringmaster.protocol.Arguments;
import io.ringmaster.proxy.config.Address;
import io.ringmaster.proxy.dispatch.Errors;
import io.ringmaster.proxy.frontend.ClientConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** Which clients CLIENT LIST or CLIENT KILL is about. */
final class ClientFilter {

  /** The arguments make no filter. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String error) {
      super(error, null, false, false);
    }

    String error() {
      return "" + getMessage();
    }
  }

  private final List<Predicate<ClientConnection>> conditions = new ArrayList<>();

  private ClientFilter() {}

  boolean accepts(ClientConnection client) {
    return conditions.stream().allMatch(condition -> condition.test(client));
  }

  static ClientFilter ofAddress(String address) {
    ClientFilter filter = new ClientFilter();
    filter.remote(address);
    return filter;
  }

  /** {@code CLIENT LIST [TYPE type] [ID id …]}. */
  static ClientFilter forList(Arguments request) throws Invalid {
    ClientFilter filter = new ClientFilter();
    if (request.count() == 4 && keyword(request, 2).equals("TYPE")) {
      filter.type(text(request, 3));
    } else if (request.count() > 3 && keyword(request, 2).equals("ID")) {
      Set<Long> ids = new HashSet<>();
      for (int i = 3; i < request.count(); i++) {
        ids.add(id(request, i, "ERR Invalid client ID"));
      }
      filter.conditions.add(client -> ids.contains(client.session().id()));
    } else if (request.count() > 2) {
      throw new Invalid(Errors.SYNTAX);
    }
    return filter;
  }

  /** {@code CLIENT KILL [ID id] [ADDR a] [LADDR a] [TYPE t] [USER u] [SKIPME yes|no] …}. */
  static ClientFilter forKill(Arguments request, ClientConnection self) throws Invalid {
    ClientFilter filter = new ClientFilter();
    boolean skipSelf = true;
    if (request.count() % 2 != 0) {
      throw new Invalid(Errors.SYNTAX);
    }
    for (int i = 2; i < request.count(); i += 2) {
      String value = text(request, i + 1);
      switch (keyword(request, i)) {
        case "ID" -> {
          long id = id(request, i + 1, "ERR client-id should be greater than 0");
          filter.conditions.add(client -> client.session().id() == id);
        }
        case "ADDR" -> filter.remote(value);
        case "LADDR" -> {
          String local = address(value);
          filter.conditions.add(client -> client.localAddress().equals(local));
        }
        case "TYPE" -> filter.type(value);
        case "USER" ->
            filter.conditions.add(client -> client.session().user().name().equals(value));
        case "SKIPME" -> skipSelf = yes(value);
        default -> throw new Invalid(Errors.SYNTAX);
      }
    }
    if (skipSelf) {
      filter.conditions.add(client -> client != self);
    }
    return filter;
  }

  private static boolean yes(String value) throws Invalid {
    if (!value.equalsIgnoreCase("yes") && !value.equalsIgnoreCase("no")) {
      throw new Invalid(Errors.SYNTAX);
    }
    return value.equalsIgnoreCase("yes");
  }

  private static long id(Arguments request, int index, String error) throws Invalid {
    OptionalLong id = integer(request, index);
    if (id.isEmpty() || id.getAsLong() < 1) {
      throw new Invalid(error);
    }
    return id.getAsLong();
  }

  private void remote(String text) {
    String address = address(text);
    conditions.add(client -> client.remoteAddress().equals(address));
  }

  /** In the form in which addresses of clients are shown, if it is one. */
  private static String address(String text) {
    return Address.parse(text).map(Address::toString).orElse(text);
  }

  private void type(String type) throws Invalid {
    switch (type.toLowerCase(Locale.ROOT)) {
      case "normal" -> {}
      case "master", "replica", "slave", "pubsub" -> conditions.add(client -> false);
      default -> throw new Invalid("ERR Unknown client type '" + type + "'");
    }
  }
}
