package org.walstream.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.walstream.testkit.tls.CertificateAuthority;
import org.walstream.testkit.tls.IssuedCertificate;

/// A certificate for a server on this machine, and its key: elliptic, as most are now.
final class TlsFiles {

  private final IssuedCertificate issued;

  TlsFiles(Path directory) {
    issued =
        CertificateAuthority.in(directory, "bench").certificate("CN=b").ip("127.0.0.1").issue("b");
  }

  Path certificate() throws IOException {
    return issued.file();
  }

  Path key() throws IOException {
    return issued.key();
  }
}
