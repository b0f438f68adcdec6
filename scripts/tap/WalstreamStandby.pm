# Puts `walstream standby` in the place of PostgreSQL's standbys in PostgreSQL's own TAP tests, which stay as they are.
#
# pg_ctl starts standby-or-postgres in place of postgres; what is started with a signal file is Walstream's until it is promoted.
# Everything else goes on by pg_ctl and psql, as the tests have it. SQL that wants data, which a standby of ours has no server for, is
# answered by a real server on a copy of the directory, as it is where replay stands: our standby is stopped for that, and started again.
#
#   WALSTREAM        the launcher
#   WALSTREAM_NODES  which nodes, a regular expression
package WalstreamStandby;
use strict;
use warnings FATAL => 'all';
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(rmtree);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

my $program = abs_path(dirname(__FILE__)) . '/standby-or-postgres';
chomp($ENV{WALSTREAM_POSTGRES} = `pg_config --bindir`);
$ENV{WALSTREAM_POSTGRES} .= '/postgres';
die "WALSTREAM is not set\n" unless $ENV{WALSTREAM};

our $asked;    # the copy that is asked now, as { name, port }
my $class = 'PostgreSQL::Test::Cluster';
my %original = map { ($_ => $class->can($_)) } qw(start stop kill9 promote psql connstr);
my %ours;      # by name: nodes that have been started as a standby of ours
my ($system_log, $run_log) = (\&PostgreSQL::Test::Utils::system_log, \&PostgreSQL::Test::Utils::run_log);

sub replace
{
	my ($package, $name, $code) = @_;
	no strict 'refs';
	no warnings 'redefine';
	*{"${package}::$name"} = $code;
}

# The command line of a `pg_ctl start`, which is to start our program.
sub with_program
{
	my @command = @_;
	push @command, '-p', $program if $command[0] eq 'pg_ctl' && grep { $_ eq 'start' } @command;
	return @command;
}

replace('PostgreSQL::Test::Utils', system_log => sub { return $system_log->(with_program(@_)); });
foreach my $package ('PostgreSQL::Test::Utils', 'main')
{
	replace($package, run_log => sub {
		my ($command, @rest) = @_;
		return $run_log->(ref $command eq 'ARRAY' ? [ with_program(@$command) ] : $command, @rest);
	});
}

sub pid_of
{
	my ($node) = @_;
	open my $file, '<', $node->data_dir . '/postmaster.pid' or return 0;
	my $pid = <$file> // 0;
	close $file;
	chomp $pid;
	return $pid;
}

# Whether the process in the directory is ours.
sub is_ours
{
	my ($node) = @_;
	my $exe = readlink('/proc/' . pid_of($node) . '/exe') // '';
	return $exe =~ m{/java$};
}

# A standby that promotes itself is followed by a server: waits until one of both is there.
sub settle
{
	my ($node) = @_;
	return unless $ours{ $node->name } && defined $node->{_pid};
	for (1 .. 300)
	{
		return if is_ours($node) && !$node->{walstream_promoted};
		if (!is_ours($node) && system("pg_isready -q -h '" . $node->host . "' -p " . $node->port) == 0)
		{
			$node->{_pid} = pid_of($node);
			return;
		}
		select undef, undef, undef, 0.1;
	}
	return;
}

replace($class, start => sub {
	my ($node, %params) = @_;
	$node->{walstream_promoted} = 0;
	my $result = $original{start}->($node, %params);
	$ours{ $node->name } = 1 if $result && is_ours($node);
	return $result;
});

# pg_ctl promote gives up where it finds no postmaster.pid, as for a moment between the two programs; what counts is what comes of it.
replace($class, promote => sub {
	my ($node) = @_;
	return $original{promote}->($node) unless is_ours($node);
	local %ENV = $node->_get_env();
	$system_log->('pg_ctl', '--pgdata' => $node->data_dir, '--log' => $node->logfile, 'promote');
	$node->{walstream_promoted} = 1;
	settle($node);
	return;
});

replace($class, kill9 => sub {
	my ($node) = @_;
	$node->{_pid} = pid_of($node) if defined $node->{_pid};
	return $original{kill9}->($node);
});

# SIGQUIT leaves postmaster.pid where it is, as kill -9 does.
replace($class, stop => sub {
	my ($node, $mode, %params) = @_;
	settle($node);
	if (($mode // '') eq 'immediate' && defined $node->{_pid} && is_ours($node))
	{
		my $pid = pid_of($node);
		kill 'QUIT', $pid;
		select undef, undef, undef, 0.05 while kill 0, $pid;
		unlink $node->data_dir . '/postmaster.pid';
		$node->{_pid} = undef;
		return 1;
	}
	return $original{stop}->($node, $mode, %params);
});

replace($class, connstr => sub {
	my ($node, $dbname) = @_;
	return $original{connstr}->(@_) unless $asked && $asked->{name} eq $node->name;
	return "port=$asked->{port} host=" . $node->host . (defined $dbname ? " dbname='$dbname'" : '');
});

# Runs what asks a server for the standby's data, on a copy of its directory as far as it has been replayed.
sub asking_a_copy
{
	my ($node, $ask) = @_;
	my $copy = $node->basedir . '/asked';
	my $log = $node->basedir . '/asked.log';
	local %ENV = $node->_get_env();
	$original{stop}->($node, 'fast');
	PostgreSQL::Test::Utils::system_or_bail('cp', '-a', $node->data_dir, $copy);
	$original{start}->($node);
	my ($end) = `pg_controldata '$copy'` =~ /^Minimum recovery ending location:\s*(\S+)/m;
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	open my $conf, '>>', "$copy/postgresql.conf" or die $!;
	print $conf <<"CONF";
port = $port
primary_conninfo = ''
restore_command = 'false'
archive_mode = off
recovery_min_apply_delay = 0
recovery_target = ''
recovery_target_name = ''
recovery_target_time = ''
recovery_target_xid = ''
recovery_target_lsn = '$end'
recovery_target_inclusive = off
recovery_target_action = 'pause'
hot_standby = on
CONF
	close $conf;
	unlink "$copy/postmaster.pid", "$copy/recovery.signal";
	open my $signal, '>', "$copy/standby.signal" or die $!;
	close $signal;
	my $result = $system_log->('pg_ctl', '--wait', '--pgdata' => $copy, '--log' => $log, 'start');
	die "a server does not start on the copy, see $log\n" if $result != 0;
	my @answer;
	{
		local $asked = { name => $node->name, port => $port };
		@answer = $ask->();
	}
	$system_log->('pg_ctl', '--pgdata' => $copy, '--mode' => 'immediate', 'stop');
	rmtree($copy);
	return @answer;
}

replace($class, psql => sub {
	my ($node, $dbname, $sql, %params) = @_;
	settle($node);
	return $original{psql}->($node, $dbname, $sql, %params) if $asked || $params{connstr} || !is_ours($node);

	my ($out, $errors, $code) = ('', '', 0);
	my $is_of_data = $sql =~ /\bpg_(?:class|tablespace|database|prepared_xacts)\b/; # a standby of ours has some of these for psql's \d
	$code = $original{psql}->($node, $dbname, $sql, %params, on_error_die => 0, stdout => \$out, stderr => \$errors) unless $is_of_data;
	if ($is_of_data || $errors =~ /ERROR:  (?:relation|function|schema|type|column|prepared transaction) .* does not exist|is not supported|not known here/)
	{
		print "# a server on a copy is asked: $sql\n";
		my @answer = asking_a_copy($node, sub { return $original{psql}->($node, $dbname, $sql, %params); });
		return wantarray ? @answer : $answer[0];
	}
	${ $params{stdout} } = $out if defined $params{stdout};
	${ $params{stderr} } = $errors if defined $params{stderr};
	die "error running SQL: '$errors'\nwhile running '$sql'\n" if $params{on_error_die} && $code != 0;
	return wantarray ? ($code, $out, $errors) : $code;
});

1;
