package io.ringmaster.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallbackQueueTest {

  private record Numbered(int number) implements ReplyCallback {
    @Override
    public void onReply(Reply reply) {}

    @Override
    public void onFailure(BackendFailure failure, NodeId node, String reason) {}
  }

  @Test
  void behavesAsAQueueWhateverTheOrderOfCalls() {
    CallbackQueue queue = new CallbackQueue();
    ArrayDeque<ReplyCallback> model = new ArrayDeque<>();
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      // It grows for a while, then it shrinks.
      if (model.isEmpty() || random.nextInt(100) < (i / 10_000 % 2 == 0 ? 60 : 40)) {
        Numbered callback = new Numbered(i);
        queue.add(callback);
        model.add(callback);
      } else {
        assertThat(queue.remove()).isSameAs(model.remove());
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }
}
