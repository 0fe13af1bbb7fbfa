package io.ringmaster.protocol.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

  private final LeakRecorder recorder = new LeakRecorder();
  private final LeakCheck check = new LeakCheck(recorder);
  private final ResourceLeakDetector<Object> detector =
      recorder.newResourceLeakDetector(Object.class, 1);

  @Test
  void failsWhenSomethingWasLostAndOnceOnly() throws InterruptedException {
    track(new Object());
    assertThatThrownBy(check::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("leaked")
        .hasMessageContaining("Object");
    check.check();
  }

  @Test
  void passesWhenEverythingWasReleased() throws InterruptedException {
    Object resource = new Object();
    assertThat(track(resource).close(resource)).isTrue();
    check.check();
  }

  @Test
  void passesWhatIsStillInUse() throws InterruptedException {
    Object resource = new Object();
    ResourceLeakTracker<Object> tracker = track(resource);
    check.check();
    assertThat(tracker.close(resource)).isTrue();
  }

  @Test
  void watchesTheBuffersOfAllTests() {
    assertThat(ResourceLeakDetectorFactory.instance())
        .isInstanceOfSatisfying(
            LeakRecorder.class, installed -> assertThat(installed.watches(ByteBuf.class)).isTrue());
  }

  private ResourceLeakTracker<Object> track(Object resource) {
    ResourceLeakTracker<Object> tracker = detector.trackForcibly(resource);
    if (tracker == null) {
      throw new AssertionError("not tracked");
    }
    return tracker;
  }
}
