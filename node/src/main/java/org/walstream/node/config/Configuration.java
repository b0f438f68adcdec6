package org.walstream.node.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.walstream.node.config.ConfigurationFile.Setting;

/// A node's settings at one moment: every parameter has a checked value. Immutable; a reload makes
/// a new one.
public final class Configuration {

  private final Map<Parameter<?>, Object> values;

  private Configuration(Map<Parameter<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /// Reads `file`, then applies `overrides` (name to text), which win.
  ///
  /// @throws ConfigurationException for the first unknown name or wrong value, with its file and
  ///   line
  public static Configuration load(Path file, Map<String, String> overrides)
      throws IOException, ConfigurationException {
    var values = new HashMap<Parameter<?>, Object>();
    for (Setting setting : ConfigurationFile.read(file)) {
      try {
        set(values, setting.name(), setting.value());
      } catch (ConfigurationException e) {
        throw setting.error(e.getMessage());
      }
    }
    for (var override : overrides.entrySet()) {
      set(values, override.getKey(), override.getValue());
    }
    return new Configuration(values);
  }

  /// All defaults.
  public static Configuration defaults() {
    return new Configuration(Map.of());
  }

  @SuppressWarnings("unchecked") // set() puts only what the parameter's own kind has parsed
  public <T> T get(Parameter<T> parameter) {
    return (T) values.getOrDefault(parameter, parameter.defaultValue());
  }

  /// The value of a parameter as SHOW prints it; empty when there is no such parameter.
  public Optional<String> show(String name) {
    return Parameters.find(name).map(this::show);
  }

  private <T> String show(Parameter<T> parameter) {
    return parameter.kind().show(get(parameter));
  }

  /// The parameters whose values differ in `other` but take effect only at a restart.
  public List<String> needRestart(Configuration other) {
    var names = new ArrayList<String>();
    for (Parameter<?> parameter : Parameters.ALL) {
      if (parameter.takes() == Parameter.Takes.RESTART
          && !get(parameter).equals(other.get(parameter))) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  private static void set(Map<Parameter<?>, Object> values, String name, String text)
      throws ConfigurationException {
    Parameter<?> parameter =
        Parameters.find(name)
            .orElseThrow(() ->
                new ConfigurationException(
                    "unrecognized configuration parameter \"" + name + "\""));
    values.put(parameter, parse(parameter, text));
  }

  private static <T> T parse(Parameter<T> parameter, String text) throws ConfigurationException {
    return parameter.kind().parse(parameter.name(), text);
  }
}
