package io.ringmaster.protocol.leak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class at the end of which a buffer turns out to be lost. JUnit finds it by itself
 * in every module that has the tests of this one on its class path.
 */
public final class LeakCheck implements AfterAllCallback {

  private final LeakRecorder recorder;

  /** The check of this JVM; must come before the first buffer. */
  public LeakCheck() {
    this(installed());
    ByteBufAllocator.DEFAULT.buffer().release();
    if (!recorder.watches(ByteBuf.class)) {
      throw new IllegalStateException("buffers were in use before leaks were looked for");
    }
  }

  LeakCheck(LeakRecorder recorder) {
    this.recorder = recorder;
  }

  private static LeakRecorder installed() {
    if (ResourceLeakDetectorFactory.instance() instanceof LeakRecorder earlier) {
      return earlier;
    }
    LeakRecorder recorder = new LeakRecorder();
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(recorder);
    return recorder;
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    check();
  }

  void check() throws InterruptedException {
    List<String> leaks = recorder.takeLeaks();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          "leaked in this class or an earlier one:\n" + String.join("\n", leaks));
    }
  }
}
