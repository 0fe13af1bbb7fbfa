package io.ringmaster.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandTableTest {

  private static final CommandTable TABLE = CommandTable.load();

  @Test
  void findsEveryTopLevelCommandByItsPackedName() {
    for (CommandSpec spec : TABLE.all()) {
      CommandSpec expected = spec.parent() == null ? spec : null;
      assertThat(packed(spec.name())).isSameAs(expected);
    }
  }

  @Test
  void findsNoNameThatIsNotThere() {
    assertThat(packed("nosuch")).isNull();
    assertThat(packed("")).isNull();
    assertThat(packed("ge")).isNull();
    assertThat(packed("gett")).isNull();
    assertThat(packed("get\0x")).isNull();
    assertThat(packed("georadiusbymember_ro_and_more")).isNull();
  }

  @Test
  void findsNamesAndSubcommandsInAnyCase() {
    assertThat(command("gEt").name()).isEqualTo("get");
    assertThat(command("CONFIG|get").name()).isEqualTo("config|get");
    assertThat(command("object").subcommand(bytes("EnCoding")))
        .isSameAs(command("object|encoding"));
    assertThat(command("object").subcommand(bytes("encodin"))).isNull();
    assertThat(command("get").subcommand(bytes("encoding"))).isNull();
    assertThat(TABLE.find("config|nosuch")).isNull();
  }

  @Test
  void packsTheFirstByteLowest() {
    assertThat(CommandTable.pack(bytes("get"), 0)).isEqualTo('G' | 'E' << 8 | 'T' << 16);
    assertThat(CommandTable.pack(bytes("get"), 1)).isZero();
    assertThat(CommandTable.pack(bytes("12345678z"), 1)).isEqualTo('Z');
  }

  @Test
  void numbersCommandsDenselyAndInOrder() {
    for (int id = 0; id < TABLE.all().size(); id++) {
      assertThat(TABLE.all().get(id).id()).isEqualTo(id);
    }
  }

  @Test
  void knowsArity() {
    assertThat(command("get").arityAccepts(2)).isTrue();
    assertThat(command("get").arityAccepts(3)).isFalse();
    assertThat(command("mset").arityAccepts(2)).isFalse();
    assertThat(command("mset").arityAccepts(3)).isTrue();
    assertThat(command("mset").arityAccepts(1000)).isTrue();
  }

  @Test
  void knowsWhichCommandsHaveOneKeyInTheFirstPlace() {
    List<String> single = List.of("get", "set", "hset", "zadd", "sort_ro", "bitfield", "hexpire");
    List<String> other =
        List.of("mget", "eval", "sort", "georadius", "xread", "ping", "object|freq", "spublish");
    assertThat(single).allMatch(name -> command(name).singleKeyAtOne());
    assertThat(other).noneMatch(name -> command(name).singleKeyAtOne());
  }

  @Test
  void readsThePolicies() {
    assertThat(command("del").requestPolicy()).isEqualTo(RequestPolicy.MULTI_SHARD);
    assertThat(command("del").responsePolicy()).isEqualTo(ResponsePolicy.AGG_SUM);
    assertThat(command("get").requestPolicy()).isEqualTo(RequestPolicy.DEFAULT);
    assertThat(command("get").responsePolicy()).isEqualTo(ResponsePolicy.DEFAULT);
  }

  @Test
  void givesAReasonForWhatIsNotServed() {
    Set<Treatment> notServed = Set.of(Treatment.REFUSED, Treatment.DEDICATED);
    assertThat(TABLE.all())
        .filteredOn(spec -> notServed.contains(spec.treatment()))
        .allMatch(spec -> !spec.reason().isEmpty());
  }

  @Test
  void splitsOnlyWhatRedisCallsSplittable() {
    assertThat(TABLE.all())
        .filteredOn(spec -> spec.treatment() == Treatment.SPLIT)
        .hasSize(6)
        .allMatch(spec -> spec.requestPolicy() == RequestPolicy.MULTI_SHARD);
  }

  @Test
  void marksNoCommandAsBothReadingAndWriting() {
    assertThat(TABLE.all()).noneMatch(spec -> spec.isWrite() && spec.isReadOnly());
    assertThat(command("get").isReadOnly()).isTrue();
    assertThat(command("set").isWrite()).isTrue();
  }

  @Test
  void rejectsALineThatIsNoRow() {
    assertThatThrownBy(() -> CommandTable.parse(List.of("head", "get;2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("get;2");
    assertThatThrownBy(() -> KeySpecParser.parse("RO @x", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static @Nullable CommandSpec packed(String name) {
    byte[] bytes = bytes(name);
    if (bytes.length > CommandTable.MAX_NAME_LENGTH) {
      return TABLE.findLong(name);
    }
    return TABLE.find(
        CommandTable.pack(bytes, 0), CommandTable.pack(bytes, 1), CommandTable.pack(bytes, 2));
  }

  private static CommandSpec command(String name) {
    return Objects.requireNonNull(TABLE.find(name), name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
