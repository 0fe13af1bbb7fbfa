package io.ringmaster.proxy.frontend;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The clients of all event loops. A question to all of them visits each loop and comes back to the
 * one of the client that asks.
 */
public final class Frontends {

  private final List<Frontend> all;

  public Frontends(List<Frontend> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Evaluates {@code question} on each loop for its clients, and passes the answers to {@code then}
   * on the loop of the client that waits at {@code place}; that one is settled with an error if
   * either throws.
   */
  public <T> void ask(PendingReply place, Function<Frontend, T> question, Consumer<List<T>> then) {
    AtomicReferenceArray<T> answers = new AtomicReferenceArray<>(all.size());
    AtomicInteger missing = new AtomicInteger(all.size());
    EventLoop asking = place.client().frontend().loop().eventLoop();
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      Frontend frontend = all.get(i);
      Runnable visit =
          () -> {
            answers.set(index, question.apply(frontend));
            if (missing.decrementAndGet() == 0) {
              asking.execute(
                  () ->
                      orFail(
                          place,
                          place.client().frontend(),
                          asking,
                          () -> then.accept(list(answers))));
            }
          };
      frontend.loop().eventLoop().execute(() -> orFail(place, frontend, asking, visit));
    }
  }

  private static void orFail(
      PendingReply place, Frontend frontend, EventLoop asking, Runnable step) {
    try {
      step.run();
    } catch (Throwable fault) {
      frontend.loop().faults().caught("a question to all event loops", fault);
      asking.execute(() -> place.fail("ERR not all event loops have answered"));
    }
  }

  private static <T> List<T> list(AtomicReferenceArray<T> answers) {
    List<T> list = new ArrayList<>(answers.length());
    for (int i = 0; i < answers.length(); i++) {
      list.add(answers.get(i));
    }
    return list;
  }
}
