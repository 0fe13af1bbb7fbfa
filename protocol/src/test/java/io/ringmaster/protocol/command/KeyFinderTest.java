package io.ringmaster.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.protocol.command.KeySearch.Found;
import io.ringmaster.protocol.command.KeySearch.Missing;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFinderTest {

  private static final CommandTable TABLE = CommandTable.load();

  @ParameterizedTest
  @CsvSource({
    "GET a, a",
    "MGET a b c, a b c",
    "MSET a 1 b 2, a b",
    "BLPOP a b 0, a b",
    "BITOP AND d a b, d a b",
    "RENAME a b, a b",
    "PFMERGE a, a",
    "PFMERGE a b c, a b c",
    "OBJECT ENCODING a, a",
    "XGROUP CREATE a g $, a",
    "EVAL s 2 a b c, a b",
    "FCALL f 1 a b, a",
    "LMPOP 2 a b LEFT, a b",
    "BLMPOP 0 2 a b LEFT, a b",
    "SINTERCARD 2 a b LIMIT 1, a b",
    "ZUNIONSTORE d 2 a b WEIGHTS 1 2, d a b",
    "MSETEX 2 a 1 b 2 EX 10, a b",
    "SORT a, a",
    "SORT a BY store GET store STORE d DESC, a d",
    "SORT a STORE c STORE d, a d",
    "SORT a STORE get STORE d, a d",
    "SORT_RO a BY b, a",
    "GEORADIUS a 0 0 1 m, a",
    "GEORADIUS a 0 0 1 m WITHDIST store c STOREDIST d, a d",
    "GEORADIUS a 0 0 1 m STORE\\0z d, a d",
    "GEORADIUSBYMEMBER a m 1 m STORE d, a d",
    "XREAD STREAMS a b 0 0, a b",
    "XREAD COUNT 1 BLOCK 0 STREAMS streams 0, streams",
    "XREADGROUP COUNT 1 GROUP streams c STREAMS a >, a",
    "XREADGROUP GROUP g c CLAIM 5 NOACK STREAMS a b > >, a b",
    "MIGRATE h 1 a 0 5 COPY, a",
    "MIGRATE h 1 '' 0 5 AUTH keys KEYS a b, a b",
  })
  void findsTheKeysThatTheServerUses(String request, String keys) {
    ListArguments arguments = ListArguments.of(request);
    assertThat(names(arguments, KeyFinder.positions(spec(arguments), arguments))).isEqualTo(keys);
  }

  @ParameterizedTest
  @CsvSource({
    "PING, NO_KEY_ARGUMENTS",
    "SPUBLISH c m, NO_KEY_ARGUMENTS",
    "PING too many arguments, NO_KEY_ARGUMENTS",
    "GET, WRONG_ARITY",
    "GET a b, WRONG_ARITY",
    "LMPOP 3 a b, INVALID_ARGUMENTS",
    "LMPOP 0 a b, INVALID_ARGUMENTS",
    "LMPOP -1 a b, INVALID_ARGUMENTS",
    "LMPOP 01 a b, INVALID_ARGUMENTS",
    "LMPOP x a b, INVALID_ARGUMENTS",
    "ZUNION 2147483647 a b, INVALID_ARGUMENTS",
    "ZUNION 9223372036854775807 a b, INVALID_ARGUMENTS",
    "ZUNION 99999999999999999999999 a b, INVALID_ARGUMENTS",
    "MSETEX 2147483647 a 1, INVALID_ARGUMENTS",
    "XREAD STREAMS a b 0, INVALID_ARGUMENTS",
    "XREAD COUNT 1 STREAMS, INVALID_ARGUMENTS",
    "XREAD a b c, INVALID_ARGUMENTS",
    "MIGRATE h 1 a 0 5 KEYS b, INVALID_ARGUMENTS",
  })
  void tellsWhyThereAreNoKeys(String request, Missing reason) {
    ListArguments arguments = ListArguments.of(request);
    assertThat(KeyFinder.positions(spec(arguments), arguments)).isEqualTo(reason);
  }

  @Test
  void findsNoKeysWhereACommandCanDoWithout() {
    ListArguments arguments = ListArguments.of("EVAL s 0 a");
    assertThat(names(arguments, KeyFinder.positions(spec(arguments), arguments))).isEmpty();
  }

  @Test
  void listsWhatGetkeysListsEvenIfTheServerUsesAnother() {
    ListArguments group = ListArguments.of("XREADGROUP COUNT 1 GROUP streams c STREAMS a >");
    assertThat(names(group, KeyFinder.listed(spec(group), group))).isEqualTo("c STREAMS");
    ListArguments twice = ListArguments.of("GEORADIUS a 0 0 1 m STORE c STOREDIST d");
    assertThat(names(twice, KeyFinder.listed(spec(twice), twice))).isEqualTo("a c d");
  }

  @ParameterizedTest
  @CsvSource({
    "XREAD BLOCK 0 STREAMS a 0, true",
    "XREADGROUP GROUP block c block 5 STREAMS a >, true",
    "XREADGROUP GROUP block c STREAMS block >, false",
    "XREAD COUNT 1 STREAMS a 0, false",
    "BLPOP a 0, false",
  })
  void recognizesFormsThatBlock(String request, boolean blocks) {
    ListArguments arguments = ListArguments.of(request);
    assertThat(RequestForm.blocks(spec(arguments), arguments)).isEqualTo(blocks);
  }

  @ParameterizedTest
  @CsvSource({
    "SORT a BY w_*, true",
    "SORT_RO a LIMIT 0 1 GET # GET v_*, true",
    "SORT a BY nosort GET #, false",
    "SORT a STORE get ASC *, false",
    "GET a, false",
  })
  void recognizesReadsByPattern(String request, boolean reads) {
    ListArguments arguments = ListArguments.of(request);
    assertThat(RequestForm.readsKeysByPattern(spec(arguments), arguments)).isEqualTo(reads);
  }

  @ParameterizedTest
  @CsvSource({
    "COPY a b, 0",
    "COPY a b REPLACE, 0",
    "COPY a b db 15, 15",
    "COPY a b REPLACE DB 15, 15",
    "COPY a b DB 15 REPLACE, 15",
    "COPY a b DB\\0x 15, 15",
    "COPY a b DB 15 DB 1, 15",
    "COPY a b DB 1 DB 15, 15",
    "COPY a b DB 15 nonsense, 15",
    "COPY a b nonsense DB 15, 0",
    "COPY a b DB, 0",
    "COPY DB 15, 0",
    "COPY a DB 15, 0",
    "COPY a b DB -1, 0",
    "COPY a b DB x DB 15, 0",
    "COPY a b DB 015, 0",
    "COPY a b DB +15, 0",
    "COPY a b DB 4294967311, 0",
    "COPY a b DB 99999999999999999999, 0",
  })
  void tellsTheDatabaseThatACopyGoesTo(String request, int database) {
    assertThat(RequestForm.targetDatabase(ListArguments.of(request))).isEqualTo(database);
  }

  static CommandSpec spec(ListArguments arguments) {
    String name = new String(arguments.bytes(0), StandardCharsets.ISO_8859_1);
    CommandSpec spec = Objects.requireNonNull(TABLE.find(name.toLowerCase(Locale.ROOT)), name);
    CommandSpec subcommand = arguments.count() > 1 ? spec.subcommand(arguments.bytes(1)) : null;
    return subcommand == null ? spec : subcommand;
  }

  private static String names(ListArguments arguments, KeySearch search) {
    return switch (search) {
      case Found found -> {
        StringBuilder names = new StringBuilder();
        for (int position : found.positions()) {
          names
              .append(' ')
              .append(new String(arguments.bytes(position), StandardCharsets.US_ASCII));
        }
        yield names.toString().strip();
      }
      case Missing missing -> missing.name();
    };
  }
}
