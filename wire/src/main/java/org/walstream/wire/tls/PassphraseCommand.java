package org.walstream.wire.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// `ssl_passphrase_command`: a shell command whose first line of output opens the key. `%p` in it
/// stands for what a person would be asked.
///
/// Counterpart of run_ssl_passphrase_command(), src/backend/libpq/be-secure-common.c.
///
/// @param supportsReload false: it asks somebody, and so is only run at the start
public record PassphraseCommand(String command, boolean supportsReload) {

  private static final String PROMPT = "Enter PEM pass phrase:";

  char[] run() throws TlsException {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", text())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      @Nullable String line;
      try (var out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        line = out.readLine();
        while (out.readLine() != null) {
          // it may want to say more
        }
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new TlsException(
            "command \"%s\" failed: child process exited with exit code %d"
                .formatted(text(), status));
      }
      return (line == null ? "" : line).toCharArray();
    } catch (TlsException e) {
      throw e;
    } catch (IOException e) {
      throw new TlsException(
          "could not execute command \"%s\": %s".formatted(text(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TlsException("interrupted", e);
    }
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      char next = i + 1 < command.length() ? command.charAt(i + 1) : 0;
      if (c == '%' && (next == 'p' || next == '%')) {
        text.append(next == 'p' ? PROMPT : "%");
        i++;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
