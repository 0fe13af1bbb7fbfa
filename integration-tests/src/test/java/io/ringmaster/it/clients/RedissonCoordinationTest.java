package io.ringmaster.it.clients;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.api.RCountDownLatch;
import org.redisson.api.RLock;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RReadWriteLock;
import org.redisson.api.RSemaphore;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

/** Redisson's objects that coordinate, as far as nobody waits: waiting is told of by messages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedissonCoordinationTest {

  private SideBySide<RedissonClient> both;

  @BeforeAll
  void start(@TempDir Path folder) {
    both = new SideBySide<>(folder, RedissonTest::connect, RedissonClient::shutdown);
  }

  @AfterAll
  void stop() {
    both.close();
  }

  @TestFactory
  Stream<DynamicTest> locks() {
    return Stream.of(
        both.check(
            "lock",
            client -> {
              RLock lock = client.getLock("lock");
              List<Object> told = new ArrayList<>(List.of(lock.tryLock(), lock.tryLock()));
              told.add(lock.getHoldCount());
              lock.unlock();
              lock.unlock();
              told.add(lock.isLocked());
              return told;
            }),
        both.check(
            "fair lock",
            client -> {
              RLock lock = client.getFairLock("fair");
              boolean locked = lock.tryLock();
              lock.unlock();
              return List.of(locked, lock.isLocked());
            }),
        both.check(
            "read-write lock",
            client -> {
              RReadWriteLock lock = client.getReadWriteLock("readwrite");
              List<Boolean> told = List.of(lock.readLock().tryLock(), lock.writeLock().tryLock());
              lock.readLock().unlock();
              return told;
            }));
  }

  @TestFactory
  Stream<DynamicTest> countersOfPermits() {
    return Stream.of(
        both.check(
            "semaphore",
            client -> {
              RSemaphore semaphore = client.getSemaphore("semaphore");
              return List.of(
                  semaphore.trySetPermits(2),
                  semaphore.tryAcquire(2),
                  semaphore.tryAcquire(),
                  semaphore.availablePermits());
            }),
        both.check(
            "latch",
            client -> {
              RCountDownLatch latch = client.getCountDownLatch("latch");
              boolean set = latch.trySetCount(2);
              latch.countDown();
              return List.of(set, latch.getCount());
            }),
        both.check(
            "rate limiter",
            client -> {
              RRateLimiter limiter = client.getRateLimiter("rate");
              return List.of(
                  limiter.trySetRate(RateType.OVERALL, 2, Duration.ofHours(1)),
                  limiter.tryAcquire(2),
                  limiter.tryAcquire());
            }));
  }
}
