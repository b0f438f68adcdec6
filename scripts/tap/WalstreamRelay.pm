# Puts a relay (`walstream run`) between every root and its standbys in PostgreSQL's own TAP tests, which stay as they are.
#
# A standby's primary_conninfo that names a node of the test is written with the relay's address. SQL about standbys and slots
# (pg_stat_replication, pg_replication_slots, ...) that a test asks a root goes to its relay; so do the parameters that say how WAL is kept
# and who is waited for. Everything else goes to the root.
#
#   WALSTREAM  the launcher
package WalstreamRelay;
use strict;
use warnings FATAL => 'all';
use Scalar::Util qw(refaddr);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

my $walstream = $ENV{WALSTREAM} or die "WALSTREAM is not set\n";

# What a root is asked of those who follow it.
my $of_followers = qr/\b(?:pg_stat_replication|pg_replication_slots|pg_stat_get_wal_senders
	|pg_create_physical_replication_slot|pg_drop_replication_slot|pg_replication_slot_advance|pg_copy_physical_replication_slot)\b/x;

# Parameters that a relay has of its own.
my $kept = qr/synchronous_standby_names|max_slot_wal_keep_size|wal_keep_size|idle_replication_slot_timeout/;

my %nodes;     # by port
my %relays;    # by node
our $asked;    # the node whose relay is meant now
my $class = 'PostgreSQL::Test::Cluster';
my %original = map { ($_ => $class->can($_)) } qw(new connstr append_conf psql poll_query_until reload);

sub conf
{
	my ($relay, @lines) = @_;
	open my $file, '>>', "$relay->{dir}/walstream.conf" or die $!;
	print $file "$_\n" foreach @lines;
	close $file;
}

sub reload_relay
{
	my ($relay) = @_;
	PostgreSQL::Test::Utils::system_or_bail($walstream, 'reload', '-D', $relay->{dir});
}

# The relay of a node, made when it is first wanted.
sub relay
{
	my ($node) = @_;
	return $relays{ refaddr $node } //= do
	{
		my $relay = {
			dir => $node->basedir . '/relay',
			port => PostgreSQL::Test::Cluster::get_free_port(),
			host => $node->host,
		};
		my $upstream = $original{connstr}->($node);
		PostgreSQL::Test::Utils::system_or_bail($walstream, 'init', '-D', $relay->{dir}, '-p', $relay->{port},
			'--primary-conninfo', $upstream);
		conf($relay, "listen_addresses = ''", "unix_socket_directories = '$relay->{host}'", 'wal_keep_size = 0',
			'wal_retrieve_retry_interval = 100ms', 'wal_receiver_status_interval = 1s',
			'wal_receiver_create_temp_slot = on', # a root keeps for it what it keeps for a standby's slot
			'log_min_messages = log', map { "$_ = $node->{walstream_kept}{$_}" } keys %{ $node->{walstream_kept} // {} });
		open my $users, '>>', "$relay->{dir}/users" or die $!;
		print $users '"' . getpwuid($<) . qq{" "" superuser\n};
		close $users;
		my $pid = fork() // die $!;
		if (!$pid)
		{
			open STDOUT, '>>', $PostgreSQL::Test::Utils::log_path . '/' . $node->name . '_relay.log' or die $!;
			open STDERR, '>&', \*STDOUT or die $!;
			exec $walstream, 'run', '-D', $relay->{dir} or die $!;
		}
		$relay->{pid} = $pid;
		for (1 .. 300)
		{
			last if -S "$relay->{host}/.s.PGSQL.$relay->{port}";
			select undef, undef, undef, 0.1;
		}
		print "### relay for node \"" . $node->name . "\" on port $relay->{port}\n";
		$relay;
	};
}

sub names_followers { my ($sql) = @_; return defined $sql && $sql =~ $of_followers; }

# Parameters of the relay that the SQL sets: the relay gets them, the root what is left.
sub take_parameters
{
	my ($node, $sql) = @_;
	return $sql unless defined $sql;
	my $changed = 0;
	while ($sql =~ /ALTER\s+SYSTEM\s+SET\s+($kept)\s*(?:=|\bto\b)\s*('[^']*'|\w+)/gi)
	{
		my ($name, $value) = ($1, $2);
		conf(relay($node), "$name = $value", ($name eq 'synchronous_standby_names'
				? 'walstream.report_flush = ' . ($value eq "''" ? 'own' : 'quorum')
				: ()));
		$changed = 1;
	}
	reload_relay(relay($node)) if $changed && $sql =~ /pg_reload_conf/;
	$sql =~ s/ALTER\s+SYSTEM\s+SET\s+synchronous_standby_names[^;]*;?//gi;
	return $sql;
}

sub replace
{
	my ($name, $code) = @_;
	no strict 'refs';
	no warnings 'redefine';
	*{"${class}::$name"} = $code;
}

replace(new => sub {
	my $node = $original{new}->(@_);
	$nodes{ $node->port } = $node;
	return $node;
});

replace(connstr => sub {
	my ($node, $dbname) = @_;
	return $original{connstr}->(@_) unless defined $asked && refaddr $asked == refaddr $node;
	my $relay = relay($node);
	return "port=$relay->{port} host=$relay->{host}" . (defined $dbname ? " dbname='$dbname'" : '');
});

replace(append_conf => sub {
	my ($node, $file, $text) = @_;
	$text =~ s{(primary_conninfo\s*=\s*')port=(\d+) host=\S+?(?=[\s'])}{
		my ($begin, $relay) = ($1, relay($nodes{$2}));
		"${begin}port=$relay->{port} host=$relay->{host}"}ge;
	while ($text =~ /^\s*($kept)\s*=\s*(.*)$/gm)
	{
		$node->{walstream_kept}{$1} = $2;
		conf(relay($node), "$1 = $2") if $relays{ refaddr $node };
	}
	return $original{append_conf}->($node, $file, $text);
});

replace(psql => sub {
	my ($node, $dbname, $sql, %params) = @_;
	my $elsewhere = $params{connstr} || grep { /^--dbname/ } @{ $params{extra_params} // [] };
	$sql = take_parameters($node, $sql);
	local $asked = !$elsewhere && names_followers($sql) ? $node : undef;
	return $original{psql}->($node, $dbname, $sql, %params);
});

replace(poll_query_until => sub {
	my ($node, $dbname, $query, @expected) = @_;
	local $asked = names_followers($query) ? $node : undef;
	return $original{poll_query_until}->($node, $dbname, $query, @expected);
});

replace(reload => sub {
	my ($node) = @_;
	reload_relay($relays{ refaddr $node }) if $relays{ refaddr $node };
	return $original{reload}->(@_);
});

END
{
	my $code = $?;
	foreach my $relay (values %relays)
	{
		kill 'TERM', $relay->{pid};
		waitpid $relay->{pid}, 0;
	}
	$? = $code;
}

1;
