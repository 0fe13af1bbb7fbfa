package io.ringmaster.proxy.http;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of all checks.
 *
 * @param ok whether all is well
 * @param json the findings, check by check, and of each its parts
 */
record CheckReport(boolean ok, String json) {

  static CheckReport of(List<Check> checks) {
    boolean all = true;
    Map<String, Object> findings = new LinkedHashMap<>();
    for (Check check : checks) {
      String reason = check.reason();
      all &= reason.isEmpty();
      Map<String, Object> finding = finding(reason);
      Map<String, Object> parts = new LinkedHashMap<>();
      check.parts().forEach((name, why) -> parts.put(name, finding(why)));
      if (!parts.isEmpty()) {
        finding.put("parts", parts);
      }
      findings.put(check.name(), finding);
    }
    Map<String, Object> report = Map.of("ok", all, "checks", findings);
    return new CheckReport(
        all, ConfigValueFactory.fromMap(report).render(ConfigRenderOptions.concise()) + "\n");
  }

  private static Map<String, Object> finding(String reason) {
    Map<String, Object> finding = new LinkedHashMap<>();
    finding.put("ok", reason.isEmpty());
    if (!reason.isEmpty()) {
      finding.put("reason", reason);
    }
    return finding;
  }
}
