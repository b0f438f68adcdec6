package org.walstream.send.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.walstream.send.ClientIdentity;

/// What a server says of itself once a client is in: the parameters that drivers go by.
///
/// Source: PostgreSQL manual, "Asynchronous Operations" of the protocol, which lists the parameters
/// that are reported.
final class Greeting {

  private Greeting() {}

  static Map<String, String> parameters(ClientIdentity client, String serverVersion) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("in_hot_standby", "on"); // nobody may take a node for a primary
    parameters.put("default_transaction_read_only", "on");
    parameters.put("integer_datetimes", "on");
    parameters.put("TimeZone", "UTC");
    parameters.put("IntervalStyle", "postgres");
    parameters.put("is_superuser", "off");
    parameters.put("application_name", client.applicationName());
    parameters.put("scram_iterations", "4096");
    parameters.put("standard_conforming_strings", "on");
    parameters.put("DateStyle", "ISO, MDY");
    parameters.put("session_authorization", client.user());
    parameters.put("client_encoding", "UTF8");
    parameters.put("server_version", serverVersion);
    parameters.put("server_encoding", "UTF8");
    return parameters;
  }
}
