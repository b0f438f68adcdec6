package org.walstream.node.config;

import java.io.Serial;

/// A setting that cannot be used. The message names the parameter or token and, where it stands in
/// a file, the file and line.
public final class ConfigurationException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final String message;

  public ConfigurationException(String message) {
    super(message);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
