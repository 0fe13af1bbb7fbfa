package io.ringmaster.proxy.verify;

import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at keys by a script, so that only digests cross the network. Content is digested rather
 * than DUMP, which differs with the order and the encoding that a server happens to use.
 */
final class KeyLook implements Look<String, Fingerprint> {

  /** Of one value, and of all that a server digests at once: others have to wait for that. */
  private static final long BYTES_AT_ONCE = 512 * 1024;

  private static final long ELEMENTS_AT_ONCE = 1000;

  // PFCOUNT on a replica changes the cached count (bytes 9 to 16) there alone. Scores are written
  // differently by different versions. Of a stream's consumers each server has times of its own.
  private static final String SCRIPT =
      """
      local function sorted(key)
        local members = redis.call('SMEMBERS', key)
        table.sort(members)
        return members
      end
      local function fields(key)
        local all, names, values = redis.call('HGETALL', key), {}, {}
        for i = 1, #all, 2 do
          names[#names + 1] = all[i]
          values[all[i]] = all[i + 1]
        end
        table.sort(names)
        for i = 1, #names do all[2 * i - 1], all[2 * i] = names[i], values[names[i]] end
        return all
      end
      local function scores(key)
        local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
        for i = 2, #all, 2 do
          local score = tonumber(all[i])
          if score then all[i] = string.format('%.17g', score) end
        end
        return all
      end
      local function stream(key)
        local all = {redis.call('XRANGE', key, '-', '+')}
        for _, group in ipairs(redis.call('XINFO', 'GROUPS', key)) do
          all[#all + 1] = {group[2], group[6], group[8]}
        end
        return all
      end
      local function text(key)
        local value = redis.call('GET', key)
        return value:sub(1, 4) == 'HYLL' and value:sub(1, 8) .. value:sub(17) or value
      end
      local readers = {
        string = {'STRLEN', text},
        list = {'LLEN', function(key) return redis.call('LRANGE', key, 0, -1) end},
        set = {'SCARD', sorted},
        zset = {'ZCARD', scores},
        hash = {'HLEN', fields},
        stream = {'XLEN', stream}}
      local other = {false, function(key) return redis.call('DUMP', key) end}
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local left, most = tonumber(ARGV[1]), tonumber(ARGV[2])
      local limit, seen = left, {}
      for i, key in ipairs(KEYS) do
        local kind = redis.call('TYPE', key).ok
        local deadline, elements, bytes, digest = -1, 0, 0, ''
        if kind ~= 'none' then
          local reader = readers[kind] or other
          local ttl = redis.call('PTTL', key)
          if ttl >= 0 then deadline = now + ttl end
          elements = reader[1] and redis.call(reader[1], key) or 0
          bytes = redis.call('MEMORY', 'USAGE', key) or 0
          if bytes <= limit and (elements <= most or kind == 'string') then
            local content = reader[2](key)
            if type(content) == 'table' then content = cmsgpack.pack(content) end
            digest = redis.sha1hex(content)
            left = left - bytes
          end
        end
        seen[i] = {string.format('%.0f', now), kind, string.format('%.0f', deadline), elements, bytes, digest}
        if left <= 0 then break end
      end
      return seen
      """;

  @Override
  public List<Fingerprint> at(Server server, List<String> keys) {
    List<Fingerprint> seen = new ArrayList<>();
    while (seen.size() < keys.size()) {
      for (Object key :
          server.ask(CommandType.EVAL, words(keys.subList(seen.size(), keys.size())))) {
        seen.add(fingerprint(server, key));
      }
    }
    return seen;
  }

  private static String[] words(List<String> keys) {
    List<String> words = new ArrayList<>(List.of(SCRIPT, "" + keys.size()));
    words.addAll(keys);
    words.add("" + BYTES_AT_ONCE);
    words.add("" + ELEMENTS_AT_ONCE);
    return words.toArray(String[]::new);
  }

  private static Fingerprint fingerprint(Server server, @Nullable Object answer) {
    if (!(answer instanceof List<?> parts) || parts.size() != 6) {
      throw new ServerFailure(server.node(), "strange answer to a script: " + answer);
    }
    List<String> texts = parts.stream().map(Objects::toString).toList();
    return new Fingerprint(
        Long.parseLong(texts.get(0)),
        texts.get(1),
        Long.parseLong(texts.get(2)),
        Long.parseLong(texts.get(3)),
        Long.parseLong(texts.get(4)),
        texts.get(5));
  }
}
