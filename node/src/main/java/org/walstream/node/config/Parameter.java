package org.walstream.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.walstream.node.log.LogDestination;
import org.walstream.send.ConnectionLog;
import org.walstream.send.guc.GucBoolean;
import org.walstream.send.guc.GucException;
import org.walstream.send.guc.GucNumber;
import org.walstream.send.guc.GucUnit;
import org.walstream.send.guc.Names;
import org.walstream.send.slot.SlotName;
import org.walstream.send.sync.StandbyNames;
import org.walstream.send.sync.StandbyNamesException;
import org.walstream.wire.TlsVersions;
import org.walstream.wire.server.ServerError;

/// One row of the table of parameters: its name, what values it takes, its default, when a change
/// takes effect, and what it is for.
///
/// @param <T> the type of a checked value
public record Parameter<T>(
    String name, Kind<T> kind, T defaultValue, Takes takes, Group group, String description) {

  /// When a changed value takes effect.
  public enum Takes {
    RELOAD,
    RESTART
  }

  /// The headings of the sample file.
  public enum Group {
    LISTEN("Connections"),
    TLS("TLS"),
    UPSTREAM("Upstream: where WAL comes from"),
    SENDING("Sending: who may follow, and how much WAL is kept for them"),
    WALSTREAM("Walstream's own"),
    LOGGING("Logging");

    final String title;

    Group(String title) {
      this.title = title;
    }

    /// The heading.
    public String title() {
      return title;
    }
  }

  /// What values a parameter takes.
  public sealed interface Kind<T> {

    /// Checks `text` and gives its value.
    ///
    /// @throws ConfigurationException with PostgreSQL's wording, naming `parameter` and `text`
    T parse(String parameter, String text) throws ConfigurationException;

    /// The value as SHOW prints it.
    String show(T value);

    /// True when the sample file must put the value in quotes.
    default boolean quoted() {
      return false;
    }
  }

  record Text() implements Kind<String> {
    @Override
    public String parse(String parameter, String text) {
      return text;
    }

    @Override
    public String show(String value) {
      return value;
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// Directories of Unix-domain sockets, separated by commas.
  record SocketDirectories() implements Kind<List<Path>> {
    @Override
    public List<Path> parse(String parameter, String text) throws ConfigurationException {
      var directories = new ArrayList<Path>();
      for (String word : text.split(",")) {
        if (word.strip().startsWith("@")) { // as a file, it would lie in the working directory
          throw invalid(parameter, text, "Java has no address for an abstract Unix-domain socket.");
        } else if (!word.isBlank()) {
          directories.add(Path.of(word.strip()));
        }
      }
      return List.copyOf(directories);
    }

    @Override
    public String show(List<Path> value) {
      return value.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  record Flag() implements Kind<Boolean> {
    @Override
    public Boolean parse(String parameter, String text) throws ConfigurationException {
      return GucBoolean.parse(text)
          .orElseThrow(() ->
              new ConfigurationException(
                  "parameter \"" + parameter + "\" requires a Boolean value"));
    }

    @Override
    public String show(Boolean value) {
      return value ? "on" : "off";
    }
  }

  record Int(GucUnit unit, long least, long most) implements Kind<Long> {
    @Override
    public Long parse(String parameter, String text) throws ConfigurationException {
      try {
        return GucNumber.parse(parameter, text, unit, least, most);
      } catch (GucException e) {
        throw new ConfigurationException(e.oneLine());
      }
    }

    @Override
    public String show(Long value) {
      return unit.show(value);
    }
  }

  /// The mode of a file, as a server writes it: `0777`.
  record FileMode() implements Kind<Integer> {
    @Override
    public Integer parse(String parameter, String text) throws ConfigurationException {
      return new Int(GucUnit.NONE, 0, 0777).parse(parameter, text).intValue();
    }

    @Override
    public String show(Integer value) {
      return "%04o".formatted(value);
    }
  }

  /// One word of several.
  ///
  /// @param others words that are taken too, and what each stands for
  record Choice(List<String> values, Map<String, String> others) implements Kind<String> {
    @Override
    public String parse(String parameter, String text) throws ConfigurationException {
      String word = text.toLowerCase(Locale.ROOT);
      if (values.contains(word)) {
        return word;
      } else if (others.containsKey(word)) {
        return others.get(word);
      }
      throw invalid(parameter, text, "Available values: %s.".formatted(String.join(", ", values)));
    }

    @Override
    public String show(String value) {
      return value;
    }
  }

  /// A version of TLS.
  ///
  /// @param orAny whether it may be left open
  record TlsVersion(boolean orAny) implements Kind<Optional<TlsVersions.Version>> {
    @Override
    public Optional<TlsVersions.Version> parse(String parameter, String text)
        throws ConfigurationException {
      Optional<TlsVersions.Version> version = TlsVersions.Version.of(text);
      if (version.isEmpty() && !(orAny && text.isEmpty())) {
        throw invalid(
            parameter,
            text,
            "Available values: %sTLSv1, TLSv1.1, TLSv1.2, TLSv1.3.".formatted(orAny ? ", " : ""));
      }
      return version;
    }

    @Override
    public String show(Optional<TlsVersions.Version> value) {
      return value.map(TlsVersions.Version::toString).orElse("");
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// Where the log goes.
  record Destinations() implements Kind<LogDestination> {
    @Override
    public LogDestination parse(String parameter, String text) throws ConfigurationException {
      try {
        return LogDestination.parse(text);
      } catch (IllegalArgumentException e) {
        throw invalid(parameter, text, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String show(LogDestination value) {
      return value.text();
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// What is logged of connections.
  record Connections() implements Kind<ConnectionLog> {
    @Override
    public ConnectionLog parse(String parameter, String text) throws ConfigurationException {
      var log = ConnectionLog.parse(text);
      if (log.isEmpty()) {
        throw invalid(parameter, text, "");
      }
      return log.get();
    }

    @Override
    public String show(ConnectionLog value) {
      return value.text();
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// The name of a replication slot, or none.
  record Slot() implements Kind<String> {
    @Override
    public String parse(String parameter, String text) throws ConfigurationException {
      if (!text.isEmpty()) {
        try {
          SlotName.check(text);
        } catch (ServerError e) {
          throw invalid(parameter, text, String.valueOf(e.getMessage()));
        }
      }
      return text;
    }

    @Override
    public String show(String value) {
      return value;
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// Standbys that are waited for, or none.
  record SyncStandbys() implements Kind<Optional<StandbyNames>> {
    @Override
    public Optional<StandbyNames> parse(String parameter, String text)
        throws ConfigurationException {
      try {
        return text.isEmpty() ? Optional.empty() : Optional.of(StandbyNames.parse(text));
      } catch (StandbyNamesException e) {
        String message = String.valueOf(e.getMessage());
        throw e.isSyntax()
            ? invalid(parameter, text, message)
            : new ConfigurationException(message);
      }
    }

    @Override
    public String show(Optional<StandbyNames> value) {
      return value.map(StandbyNames::text).orElse("");
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  /// A name that others see: printable ASCII of at most 63 bytes.
  record Name() implements Kind<String> {
    @Override
    public String parse(String parameter, String text) {
      return Names.truncate(Names.cleanAscii(text));
    }

    @Override
    public String show(String value) {
      return value;
    }

    @Override
    public boolean quoted() {
      return true;
    }
  }

  private static ConfigurationException invalid(String parameter, String text, String more) {
    return new ConfigurationException(GucException.invalidValue(parameter, text, more).oneLine());
  }
}
