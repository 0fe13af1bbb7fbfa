package io.ringmaster.proxy.admin;

import io.netty.channel.EventLoop;
import io.ringmaster.protocol.Arguments;
import io.ringmaster.protocol.codec.RequestFrame;
import io.ringmaster.proxy.frontend.PendingReply;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A request and the place of its reply. Its arguments may be read until its handler returns. */
final class AdminRequest {

  private final PendingReply place;
  private final RequestFrame request;
  private final int count;
  private final boolean json;

  /** {@code count}: arguments without a trailing JSON. */
  AdminRequest(PendingReply place, RequestFrame request, int count, boolean json) {
    this.place = place;
    this.request = request;
    this.count = count;
    this.json = json;
  }

  int count() {
    return count;
  }

  byte[] bytes(int index) {
    return request.bytes(index);
  }

  /** The argument as text; empty if there is none. */
  String text(int index) {
    return index < count ? text(request, index) : "";
  }

  static String text(Arguments request, int index) {
    return new String(request.bytes(index), StandardCharsets.UTF_8);
  }

  void reply(Object value) {
    if (json) {
      String text = AdminReply.json(value);
      place.settleWith(reply -> reply.bulk(text));
    } else {
      place.settleWith(reply -> AdminReply.write(value, reply));
    }
  }

  void fail(String codeAndText) {
    place.fail(codeAndText);
  }

  /** Passes what arrives to {@code then}, on the client's event loop. */
  <T> void later(CompletableFuture<T> future, Consumer<T> then) {
    EventLoop loop = place.client().frontend().loop().eventLoop();
    future.whenComplete(
        (value, failure) ->
            loop.execute(
                () -> {
                  if (failure == null) {
                    then.accept(value);
                  } else {
                    fail("UNCERTAIN " + failure.getMessage());
                  }
                }));
  }
}
