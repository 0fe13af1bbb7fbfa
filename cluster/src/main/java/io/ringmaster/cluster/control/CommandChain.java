package io.ringmaster.cluster.control;

import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.OwnRequest;
import io.ringmaster.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Questions to one server, each asked when those before are answered. The first that fails, or is
 * refused, ends it.
 */
final class CommandChain {

  private final AdminLink link;
  private final Consumer<String> failed;
  private final boolean ownsLink;
  private boolean ended;

  /** {@code failed} hears the reason, at most once. */
  CommandChain(AdminLink link, Consumer<String> failed) {
    this(link, failed, true);
  }

  private CommandChain(AdminLink link, Consumer<String> failed, boolean ownsLink) {
    this.link = link;
    this.failed = failed;
    this.ownsLink = ownsLink;
  }

  /** Begins one on a link on which there may be others before and after. */
  static CommandChain on(AdminLink link, Consumer<String> failed) {
    return new CommandChain(link, failed, false);
  }

  String runId() {
    return link.runId();
  }

  boolean isOpen() {
    return !ended;
  }

  void ask(OwnRequest request, Consumer<Reply> then) {
    ask(List.of(request), replies -> then.accept(replies.getFirst()));
  }

  /** Sends all of {@code requests} at once; {@code then} gets all replies. */
  void ask(List<OwnRequest> requests, Consumer<List<Reply>> then) {
    List<Reply> replies = new ArrayList<>(requests.size());
    for (OwnRequest request : requests) {
      link.send(
          request,
          new ReplyCallback() {
            @Override
            public void onReply(Reply reply) {
              collect(reply, replies, requests.size(), then);
            }

            @Override
            public void onFailure(BackendFailure failure, NodeId node, String reason) {
              fail(reason);
            }
          });
    }
  }

  private void collect(Reply reply, List<Reply> replies, int wanted, Consumer<List<Reply>> then) {
    if (ended) {
      return;
    }
    Reply kept = reply.detached();
    Reply error = kept.isError() ? kept : firstError(kept.elements());
    if (error != null) {
      fail(error.text());
      return;
    }
    replies.add(kept);
    if (replies.size() == wanted) {
      then.accept(replies);
    }
  }

  private static @Nullable Reply firstError(List<Reply> elements) {
    return elements.stream().filter(Reply::isError).findFirst().orElse(null);
  }

  /** Nothing more will be asked. */
  void end() {
    if (!ended) {
      ended = true;
      if (ownsLink) {
        link.close();
      }
    }
  }

  void fail(String reason) {
    if (!ended) {
      end();
      failed.accept(reason);
    }
  }
}
