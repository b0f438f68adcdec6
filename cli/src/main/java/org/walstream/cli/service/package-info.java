/// What systemd is told of a service: that it is ready, reloads or stops, what it is at, and that
/// it lives. Start reading at [org.walstream.cli.service.ServiceManager].
@NullMarked
package org.walstream.cli.service;

import org.jspecify.annotations.NullMarked;
