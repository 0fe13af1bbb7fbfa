package io.ringmaster.proxy.cli;

import org.apache.commons.cli.Options;

/** {@code ringmaster version}. */
final class VersionCommand implements Subcommand {

  @Override
  public String name() {
    return "version";
  }

  @Override
  public String description() {
    return "Print the version.";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public int run(Call call) {
    String version = Main.class.getPackage().getImplementationVersion();
    String known = version == null ? "development" : version;
    call.out().println("ringmaster " + known + ", Java " + Runtime.version());
    return 0;
  }
}
