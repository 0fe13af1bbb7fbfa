package io.ringmaster.proxy.metadata.ratis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told of {@link GroupSettings}, and where its defaults would be wrong here. */
final class RatisProperties {

  private RatisProperties() {}

  static RaftProperties of(GroupSettings settings) {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    GrpcConfigKeys.Server.setHost(properties, settings.bind());
    GrpcConfigKeys.Server.setPort(properties, settings.self().address().port());
    RaftServerConfigKeys.setStorageDir(properties, List.of(settings.directory().toFile()));
    // By default a read is answered from the local state, however old, and a long pause ends the
    // server. The topology is read by a ReadBarrier; this is for whoever reads otherwise.
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1000, TimeUnit.DAYS));
    timeouts(properties, settings);
    log(properties, settings);
    return properties;
  }

  /**
   * For a client whose requests may be sent again: it turns to another member while one that led is
   * paused.
   */
  static RaftProperties impatient(GroupSettings settings) {
    RaftProperties properties = of(settings);
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, duration(settings.attemptTimeout()));
    return properties;
  }

  private static void timeouts(RaftProperties properties, GroupSettings settings) {
    TimeDuration election = duration(settings.electionTimeout());
    TimeDuration operation = duration(settings.timeout());
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, election.multiply(4));
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, election);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, election.multiply(2));
    // A first election disturbs nobody: with a leader about, the vote before the vote fails.
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, election.multiply(0.2));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, election.multiply(0.6));
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, operation);
    RaftServerConfigKeys.Read.setTimeout(properties, operation);
    // Sooner than the request that waits for it, which would not learn the reason otherwise.
    RaftServerConfigKeys.setStagingTimeout(properties, operation.multiply(0.5));
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, operation);
  }

  private static void log(RaftProperties properties, GroupSettings settings) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    // A coordinator that is away must not keep the log of the others from being cut.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    SizeInBytes segment = SizeInBytes.valueOf(settings.segmentBytes());
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, segment);
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, segment);
  }

  /** The keys of mutual TLS, if there are any. */
  static Parameters parameters(GroupSettings settings) {
    Parameters parameters = new Parameters();
    settings.tls().ifPresent(files -> GrpcConfigKeys.TLS.setConf(parameters, tls(files)));
    return parameters;
  }

  private static GrpcTlsConfig tls(GroupSettings.TlsFiles files) {
    return new GrpcTlsConfig(
        files.key().toFile(), files.certificate().toFile(), files.trust().toFile(), true);
  }

  private static TimeDuration duration(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where Ratis keeps a group's files. */
  static Path folder(GroupSettings settings) {
    return settings.directory().resolve(RatisNames.GROUP.getUuid().toString());
  }
}
