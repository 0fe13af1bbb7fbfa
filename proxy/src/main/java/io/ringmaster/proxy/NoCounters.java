package io.ringmaster.proxy;

import io.ringmaster.proxy.backend.BackendCounters;
import io.ringmaster.proxy.frontend.ClientCounters;

final class NoCounters implements ClientCounters, BackendCounters {
  @Override
  public void accepted() {}

  @Override
  public void closed() {}

  @Override
  public void received(int bytes) {}

  @Override
  public void request(boolean readOnly, int bytes) {}

  @Override
  public void errorReplied() {}

  @Override
  public void failed(String codeAndText) {}

  @Override
  public void replied(int bytes) {}

  @Override
  public void paused() {}

  @Override
  public void backendOpened() {}

  @Override
  public void backendLost() {}
}
