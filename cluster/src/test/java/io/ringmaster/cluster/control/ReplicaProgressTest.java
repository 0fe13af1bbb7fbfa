package io.ringmaster.cluster.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.protocol.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaProgressTest {

  private static ReplicaProgress of(long first, long second, long unsent) {
    String information =
        """
        role:master\r
        slave0:ip=h,port=2,state=online,offset=%d,lag=1\r
        slave1:ip=h,port=3,state=online,offset=%d,lag=1\r
        slave2:ip=h,port=4,state=wait_bgsave,offset=0,lag=1\r
        """
            .formatted(first, second);
    String connections =
        "id=8 addr=h:2 laddr=h:1 fd=9 name= cmd=replconf omem=%d tot-mem=5 user=x\n"
            .formatted(unsent);
    List<Reply> replies = List.of(FakeServers.text(information), FakeServers.text("loading:0\r\n"));
    return ReplicaProgress.of(NodeReport.of("run", replies), connections);
  }

  @Test
  void replicasThatAcknowledgeMoreGetAhead() {
    assertThat(of(10, 10, 0).isAheadOf(of(10, 10, 0), 1)).isFalse();
    assertThat(of(11, 10, 0).isAheadOf(of(10, 10, 0), 1)).isTrue();
    assertThat(of(11, 10, 0).isAheadOf(of(10, 10, 0), 2)).isFalse();
    assertThat(of(11, 11, 0).isAheadOf(of(10, 10, 0), 2)).isTrue();
  }

  /** One that gets a value of 200 MB acknowledges nothing until it has all of it. */
  @Test
  void whatIsSentToThemIsProgressToo() {
    assertThat(of(10, 10, 900).isAheadOf(of(10, 10, 1_000), 1)).isTrue();
    assertThat(of(10, 10, 1_000).isAheadOf(of(10, 10, 900), 1)).isFalse();
  }
}
