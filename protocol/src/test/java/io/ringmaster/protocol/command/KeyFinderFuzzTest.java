package io.ringmaster.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringmaster.protocol.command.KeySearch.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class KeyFinderFuzzTest {

  private static final CommandTable TABLE = CommandTable.load();
  private static final List<String> WORDS =
      List.of(
          "STORE",
          "storedist",
          "STREAMS",
          "GROUP",
          "BLOCK",
          "COUNT",
          "LIMIT",
          "GET",
          "BY",
          "KEYS",
          "AUTH",
          "AUTH2",
          "CLAIM",
          "NOACK",
          "1",
          "2",
          "0",
          "-1",
          "2147483647",
          "4294967297",
          "");

  @FuzzTest(maxDuration = "10m")
  void findsOnlyArgumentsThatExistAndEachOnce(FuzzedDataProvider data) {
    CommandSpec spec = TABLE.all().get(data.consumeInt(0, TABLE.all().size() - 1));
    List<byte[]> list = new ArrayList<>();
    list.add(spec.name().getBytes(StandardCharsets.US_ASCII));
    while (data.remainingBytes() > 0 && list.size() < 1000) {
      list.add(argument(data));
    }
    ListArguments arguments = new ListArguments(list);
    check(arguments, KeyFinder.positions(spec, arguments));
    check(arguments, KeyFinder.listed(spec, arguments));
    RequestForm.blocks(spec, arguments);
    RequestForm.targetDatabase(arguments);
    RequestForm.readsKeysByPattern(spec, arguments);
  }

  private static byte[] argument(FuzzedDataProvider data) {
    int choice = data.consumeInt(0, WORDS.size());
    return choice == WORDS.size()
        ? data.consumeBytes(data.consumeInt(0, 12))
        : WORDS.get(choice).getBytes(StandardCharsets.US_ASCII);
  }

  private static void check(ListArguments arguments, KeySearch search) {
    if (search instanceof Found found) {
      Set<Integer> seen = new HashSet<>();
      for (int position : found.positions()) {
        assertThat(position).isBetween(1, arguments.count() - 1);
        assertThat(seen.add(position)).isTrue();
      }
    }
  }
}
