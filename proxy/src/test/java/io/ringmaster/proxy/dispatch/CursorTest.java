package io.ringmaster.proxy.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringmaster.cluster.topology.Node;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.cluster.topology.Shard;
import io.ringmaster.cluster.topology.ShardState;
import io.ringmaster.proxy.dispatch.Cursor.Form;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorTest {

  /** The largest cursor of a server with 2^30 keys, whose table may be twice as large. */
  private static final long OF_MANY_KEYS = (1L << 31) - 1;

  private static final NodeId NODE = new NodeId("a", 1);

  private final Random random = new Random(1);

  @Test
  void isReadAsItWasWritten() {
    for (int shards : new int[] {1, 3, 64, 65, 1024, 1025, 16_384}) {
      Form form = Form.of(shards);
      for (int i = 0; i < 1000; i++) {
        long position = random.nextLong(form.largestPosition()) + 1;
        Cursor cursor = new Cursor(position, random.nextInt(512), random.nextInt(shards));
        assertThat(form.write(cursor)).isPositive();
        assertThat(read(form, form.write(cursor))).isEqualTo(cursor);
      }
    }
  }

  @Test
  void ofAKeyHasNoShard() {
    for (int i = 0; i < 1000; i++) {
      long position = random.nextLong(Form.OF_A_KEY.largestPosition()) + 1;
      Cursor cursor = new Cursor(position, random.nextInt(512), 0);
      assertThat(read(Form.OF_A_KEY, Form.OF_A_KEY.write(cursor))).isEqualTo(cursor);
    }
  }

  @Test
  void zeroIsTheBeginningAndNothingElse() {
    assertThat(read(Form.of(3), 0)).isEqualTo(Cursor.START);
    assertThat(Form.of(3).write(Cursor.START)).isZero();
    assertThat(Form.of(3).write(new Cursor(0, 0, 1))).isPositive();
    assertThat(Form.of(3).write(new Cursor(1, 0, 0))).isPositive();
  }

  @Test
  void has14DigitsForUpTo64Shards() {
    assertThat(Form.of(64).write(new Cursor(OF_MANY_KEYS, 511, 63)))
        .isLessThan(100_000_000_000_000L);
    assertThat(Form.OF_A_KEY.write(new Cursor(OF_MANY_KEYS, 511, 0))).isLessThan(1L << 41);
  }

  @Test
  void isADoubleForUpTo1024Shards() {
    assertThat(Form.of(1024).write(new Cursor(OF_MANY_KEYS, 511, 1023))).isLessThan(1L << 53);
  }

  @Test
  void aShardMoreRarelyChangesTheForm() {
    assertThat(Form.of(1)).isEqualTo(Form.of(64));
    assertThat(Form.of(65)).isEqualTo(Form.of(1024)).isNotEqualTo(Form.of(64));
  }

  @Test
  void numbersAreReadAsServersReadThem() {
    assertThat(read(Form.OF_A_KEY, "")).isEqualTo(Cursor.START);
    assertThat(read(Form.OF_A_KEY, "513\0x")).isEqualTo(new Cursor(1, 1, 0));
    assertThat(read(Form.OF_A_KEY, "-1")).isEqualTo(new Cursor((1L << 55) - 1, 511, 0));
    assertThat(read(Form.OF_A_KEY, "18446744073709551615")).isEqualTo(read(Form.OF_A_KEY, "-1"));
    for (String wrong : List.of(" 1", "1 ", "x", "1e3", "0x10", "18446744073709551616", "-")) {
      assertThatThrownBy(() -> read(Form.OF_A_KEY, wrong))
          .isInstanceOf(NumberFormatException.class);
    }
  }

  @Test
  void eachEpochHasAnotherTagThanTheLast() {
    for (long epoch = 1; epoch < 2000; epoch++) {
      assertThat(Cursor.tag(led(epoch), "run")).isNotEqualTo(Cursor.tag(led(epoch + 1), "run"));
      assertThat(Cursor.tag(led(epoch), "run")).isEqualTo(Cursor.tag(led(epoch), "of no account"));
    }
  }

  @Test
  void whereNobodyAdmitsRunsEachRunHasItsTag() {
    Shard shard = Shard.of("s1", NODE);
    int same = 0;
    for (int i = 0; i < 10_000; i++) {
      String run = runId();
      assertThat(Cursor.tag(shard, run)).isBetween(0, 511).isEqualTo(Cursor.tag(shard, run));
      same += Cursor.tag(shard, run) == Cursor.tag(shard, runId()) ? 1 : 0;
    }
    assertThat(same).isLessThan(10_000 / 512 * 3);
  }

  private static Shard led(long epoch) {
    return new Shard(
        "s1", 0, 1, List.of(Node.leader(NODE)), epoch, ShardState.SERVING, Map.of(NODE, "run"));
  }

  private String runId() {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Cursor read(Form form, long number) {
    return read(form, Long.toString(number));
  }

  private static Cursor read(Form form, String text) {
    return form.read(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
