-- What monitoring agents and cluster managers ask of a standby, as they publish it. Each query is headed by its source:
--! repository, file, and a name

--! prometheus-community/postgres_exporter collector/pg_replication.go: replication
SELECT
	CASE
		WHEN NOT pg_is_in_recovery() THEN 0
                WHEN pg_last_wal_receive_lsn () = pg_last_wal_replay_lsn () THEN 0
		ELSE GREATEST (0, EXTRACT(EPOCH FROM (now() - pg_last_xact_replay_timestamp())))
	END AS lag,
	CASE
		WHEN pg_is_in_recovery() THEN 1
		ELSE 0
	END as is_replica,
	GREATEST (0, EXTRACT(EPOCH FROM (now() - pg_last_xact_replay_timestamp()))) as last_replay

--! prometheus-community/postgres_exporter collector/pg_replication_slots.go: slots
SELECT slot_name, database, active,
				(case pg_is_in_recovery() when 't' then pg_wal_lsn_diff(pg_last_wal_receive_lsn(), restart_lsn) else pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) end) as pg_wal_lsn_diff
			FROM pg_replication_slots

--! prometheus-community/postgres_exporter collector/pg_replication_slots.go: slots since 13
SELECT
		slot_name,
		slot_type,
		CASE WHEN pg_is_in_recovery() THEN
		    pg_last_wal_receive_lsn() - '0/0'
		ELSE
		    pg_current_wal_lsn() - '0/0'
		END AS current_wal_lsn,
		COALESCE(confirmed_flush_lsn, '0/0') - '0/0' AS confirmed_flush_lsn,
		active,
		safe_wal_size,
		wal_status
	FROM pg_replication_slots;

--! prometheus-community/postgres_exporter collector/pg_stat_replication.go: stat_replication
SELECT
				application_name,
				client_addr::text,
				state,
				s.slot_name,
				pg_stat_replication.pid,
				(case pg_is_in_recovery() when 't' then pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_lsn('0/0'))::float else pg_wal_lsn_diff(pg_current_wal_lsn(), pg_lsn('0/0'))::float end) AS pg_current_wal_lsn_bytes,
				(case pg_is_in_recovery() when 't' then pg_wal_lsn_diff(pg_last_wal_receive_lsn(), replay_lsn)::float else pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float end) AS pg_wal_lsn_diff
			FROM pg_stat_replication
			LEFT JOIN pg_replication_slots s ON s.active_pid = pg_stat_replication.pid

--! prometheus-community/postgres_exporter collector/pg_stat_walreceiver.go: wal_receiver
SELECT
		trim(both '''' from substring(conninfo from 'host=([^ ]*)')) as upstream_host,
		slot_name,
		status,
		(receive_start_lsn- '0/0') % (2^52)::bigint as receive_start_lsn,
		receive_start_tli,
		received_tli,
		extract(epoch from last_msg_send_time) as last_msg_send_time,
		extract(epoch from last_msg_receipt_time) as last_msg_receipt_time,
		(latest_end_lsn - '0/0') % (2^52)::bigint as latest_end_lsn,
		extract(epoch from latest_end_time) as latest_end_time,
		substring(slot_name from 'repmgr_slot_([0-9]*)') as upstream_node
	FROM pg_catalog.pg_stat_wal_receiver

--! prometheus-community/postgres_exporter collector/pg_stat_activity.go: stat_activity
SELECT
				pg_database.datname,
				tmp.state,
				tmp2.usename,
				tmp2.application_name,
				tmp2.backend_type,
				tmp2.wait_event_type,
				tmp2.wait_event,
				COALESCE(count,0) as count,
				COALESCE(max_tx_duration,0) as max_tx_duration
			FROM
				(
				  VALUES ('active'),
				  		 ('idle'),
				  		 ('idle in transaction'),
				  		 ('idle in transaction (aborted)'),
				  		 ('fastpath function call'),
				  		 ('disabled')
				) AS tmp(state) CROSS JOIN pg_database
			LEFT JOIN
			(
				SELECT
					datname,
					state,
					usename,
					application_name,
					backend_type,
					wait_event_type,
					wait_event,
					count(*) AS count,
					MAX(EXTRACT(EPOCH FROM now() - xact_start))::float AS max_tx_duration
				FROM pg_stat_activity
				WHERE pid <> pg_backend_pid()
				GROUP BY datname,state,usename,application_name,backend_type,wait_event_type,wait_event) AS tmp2
				ON tmp.state = tmp2.state AND pg_database.datname = tmp2.datname

--! prometheus-community/postgres_exporter collector/pg_process_idle.go: process_idle
WITH
			metrics AS (
				SELECT
				state,
				application_name,
				SUM(EXTRACT(EPOCH FROM (CURRENT_TIMESTAMP - state_change))::bigint)::float AS process_idle_seconds_sum,
				COUNT(*) AS process_idle_seconds_count
				FROM pg_stat_activity
				WHERE state ~ '^idle'
				AND pid <> pg_backend_pid()
				GROUP BY state, application_name
			),
			buckets AS (
				SELECT
				state,
				application_name,
				le,
				SUM(
					CASE WHEN EXTRACT(EPOCH FROM (CURRENT_TIMESTAMP - state_change)) <= le
					THEN 1
					ELSE 0
					END
				)::bigint AS bucket
				FROM
				pg_stat_activity,
				UNNEST(ARRAY[1, 2, 5, 15, 30, 60, 90, 120, 300]) AS le
				WHERE pid <> pg_backend_pid()
				GROUP BY state, application_name, le
				ORDER BY state, application_name, le
			)
			SELECT
			state,
			application_name,
			process_idle_seconds_sum as seconds_sum,
			process_idle_seconds_count as seconds_count,
			ARRAY_AGG(le) AS seconds,
			ARRAY_AGG(bucket) AS seconds_bucket
			FROM metrics JOIN buckets USING (state, application_name)
			GROUP BY 1, 2, 3, 4;

--! prometheus-community/postgres_exporter collector/pg_locks.go: locks
SELECT
		  pg_database.datname as datname,
		  tmp.mode as mode,
		  COALESCE(count, 0) as count
		FROM
		  (
		    VALUES
		      ('accesssharelock'),
		      ('rowsharelock'),
		      ('sireadlock')
		  ) AS tmp(mode)
		  CROSS JOIN pg_database
		  LEFT JOIN (
		    SELECT
		      database,
		      lower(mode) AS mode,
		      count(*) AS count
		    FROM
		      pg_locks
		    WHERE
		      database IS NOT NULL
		    GROUP BY
		      database,
		      lower(mode)
		  ) AS tmp2 ON tmp.mode = tmp2.mode
		  and pg_database.oid = tmp2.database
		ORDER BY
		  1

--! prometheus-community/postgres_exporter collector/pg_long_running_transactions.go: long_running_transactions
SELECT
    COUNT(*) as transactions,
    MAX(EXTRACT(EPOCH FROM clock_timestamp() - pg_stat_activity.xact_start)) AS oldest_timestamp_seconds
FROM pg_catalog.pg_stat_activity
WHERE state IS DISTINCT FROM 'idle'
AND query NOT LIKE 'autovacuum:%'
AND pg_stat_activity.xact_start IS NOT NULL
AND pid <> pg_backend_pid();

--! prometheus-community/postgres_exporter collector/pg_stat_archiver.go: stat_archiver
SELECT
		archived_count,
		failed_count,
		extract(epoch from now() - last_archived_time) AS last_archive_age
	FROM pg_stat_archiver;

--! prometheus-community/postgres_exporter collector/pg_postmaster.go: postmaster
SELECT extract(epoch from pg_postmaster_start_time) from pg_postmaster_start_time()

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: pg_uptime
SELECT FLOOR(EXTRACT(EPOCH FROM current_timestamp - pg_postmaster_start_time()))

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: pg_control_checkpoint
SELECT timeline_id,
          EXTRACT (EPOCH FROM now() - checkpoint_time),
          pg_wal_lsn_diff(
          CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
              ELSE pg_current_wal_lsn() END, checkpoint_lsn),
          pg_wal_lsn_diff(
          CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
              ELSE pg_current_wal_lsn() END, redo_lsn)
        FROM pg_control_checkpoint();

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: replication_metrics
SELECT CASE WHEN exists(SELECT * FROM pg_stat_wal_receiver) AND (pg_last_wal_receive_lsn() IS NULL OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()) THEN 0 ELSE GREATEST(0, EXTRACT (EPOCH FROM now() - pg_last_xact_replay_timestamp())) END, abs(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()))
 WHERE (SELECT pg_is_in_recovery())

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: replication_stats_metrics
SELECT
    pg_stat_replication.application_name,
    pg_stat_replication.state,
    pg_stat_replication.sync_state,
    pg_stat_replication.client_addr,
    pg_stat_replication_slot.slot_name,
    pg_stat_replication_slot.slot_type,
    GREATEST (0, age(pg_stat_replication.backend_xmin)) as backend_xmin_age,
    GREATEST (0, EXTRACT(epoch from pg_stat_replication.write_lag)) as write_lag,
    GREATEST (0, EXTRACT(epoch from pg_stat_replication.flush_lag)) as flush_lag,
    GREATEST (0, EXTRACT(epoch from pg_stat_replication.replay_lag)) AS replay_lag
FROM pg_stat_replication as pg_stat_replication
LEFT JOIN pg_replication_slots as pg_stat_replication_slot
ON pg_stat_replication.pid = pg_stat_replication_slot.active_pid;

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: pg_stat_wal_receiver
WITH connected(c) AS (VALUES (1))
        SELECT CASE WHEN status IS NULL THEN 'disconnected' ELSE status END AS connected,
               c,
               received_tli,
               EXTRACT(EPOCH FROM (clock_timestamp() - last_msg_send_time)),
               EXTRACT(EPOCH FROM (clock_timestamp() - last_msg_receipt_time)),
               EXTRACT(EPOCH FROM (clock_timestamp() - latest_end_time))
        FROM pg_stat_wal_receiver
        RIGHT JOIN connected ON (true);

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: pg_replication_slots
SELECT
        slot_name,
        slot_type,
        CASE WHEN temporary THEN 'temporary' ELSE 'permanent' END,
        CASE WHEN active THEN 'active' ELSE 'inactive' END,
        CASE WHEN xmin IS NULL THEN NULL ELSE age(xmin) END,
        CASE WHEN catalog_xmin IS NULL THEN NULL ELSE age(catalog_xmin) END,
        pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn),
        pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, confirmed_flush_lsn)
    FROM pg_replication_slots;

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: wait_event_stats
SELECT application_name, datname, usename, COALESCE(wait_event, 'NoWaitEvent'), backend_type, COUNT(*)
FROM pg_stat_activity
GROUP BY application_name, datname, usename, backend_type, wait_event

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: wal_metrics
SELECT
count(*),
sum(size),
EXTRACT (EPOCH FROM now() - min(modification))
  FROM pg_ls_waldir();

--! DataDog/integrations-core postgres/datadog_checks/postgres/util.py: count_metrics
SELECT N.nspname AS schemaname, count (*) FROM
    (SELECT C.relnamespace
    FROM pg_class C
    WHERE C.relkind IN ('r', 'p')) AS subquery
LEFT JOIN pg_namespace N ON (N.oid = relnamespace)
WHERE N.nspname NOT IN ('pg_catalog', 'information_schema')
GROUP BY N.nspname;

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: replication
select /* pgwatch_generated */
                  (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                  application_name as tag_application_name,
                  usename AS tag_usename,
                  concat(coalesce(client_addr::text, client_hostname), '_', client_port::text) as tag_client_info,
                  coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end, sent_lsn)::int8, 0) as sent_lag_b,
                  coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end, replay_lsn)::int8, 0) as replay_lag_b,
                  (extract(epoch from write_lag) * 1000)::int8 as write_lag_ms,
                  (extract(epoch from flush_lag) * 1000)::int8 as flush_lag_ms,
                  (extract(epoch from replay_lag) * 1000)::int8 as replay_lag_ms,
                  state,
                  sync_state,
                  case when sync_state in ('sync', 'quorum') then 1 else 0 end as is_sync_int,
                  case when pg_is_in_recovery() then 1 else 0 end as in_recovery_int
                from
                  pg_stat_replication
                where
                  coalesce(application_name, '') not in ('pg_basebackup', 'pg_rewind');

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: wal
select /* pgwatch_generated */
                  (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                  case
                    when pg_is_in_recovery() = false then
                      pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::int8
                    else
                      pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::int8
                    end as xlog_location_b,
                  case when pg_is_in_recovery() then 1 else 0 end as in_recovery_int,
                  extract(epoch from (now() - pg_postmaster_start_time()))::int8 as postmaster_uptime_s,
                  system_identifier::text as tag_sys_id,
                  case
                    when pg_is_in_recovery() = false then
                      ('x'||substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
                    else
                      (select min_recovery_end_timeline::int from pg_control_recovery())
                    end as timeline
                from pg_control_system()

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: wal_receiver
select /* pgwatch_generated */
                  (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                  pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::int8 as replay_lag_b,
                  extract(epoch from (now() - pg_last_xact_replay_timestamp()))::int8 as last_replay_s

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: archiver
select /* pgwatch_generated */
                  (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                  archived_count,
                  failed_count,
                  case when coalesce(last_failed_time, '1970-01-01'::timestamptz) > coalesce(last_archived_time, '1970-01-01'::timestamptz) then 1 else 0 end as is_failing_int,
                  extract(epoch from now() - last_failed_time)::int8 as seconds_since_last_failure
                from
                  pg_stat_archiver
                where
                  current_setting('archive_mode') in ('on', 'always')

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: wal_size
select /* pgwatch_generated */
                    (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                    sum(size)::int8 as wal_size_b,
                    count(*)::int8 as wal_file_count
                from pg_ls_waldir()

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: stat_ssl
select /* pgwatch_generated */
                  (extract(epoch from now()) * 1e9)::int8 as epoch_ns,
                  count(*) as total,
                  count(*) FILTER (WHERE ssl) as "on",
                  count(*) FILTER (WHERE NOT ssl) as "off"
                FROM
                  pg_stat_ssl AS s,
                  pg_stat_activity AS a
                WHERE
                  a.pid = s.pid
                  AND a.datname = current_database()
                  AND a.pid <> pg_backend_pid()
                  AND NOT (a.client_addr = '127.0.0.1' OR client_port = -1)

--! cybertec-postgresql/pgwatch internal/metrics/metrics.yaml: settings, shortened
with qs as (
                  select name, setting from pg_settings
                )
                select /* pgwatch_generated */
                  current_setting('server_version_num')::int8 > 0 as server_version_num,
                  (regexp_matches(regexp_replace(current_setting('server_version'), '(beta|devel).*', '', 'g'), E'\\d+'))[1]::float8 as major_version,
                  current_setting('max_connections')::int as max_connections,
                  (select setting from qs where name = 'hot_standby_feedback') as hot_standby_feedback,
                  current_setting('work_mem') as work_mem,
                  (select setting::float8 from qs where name = 'random_page_cost') as random_page_cost

--! bucardo/check_postgres check_postgres.pl: hot_standby_delay
SELECT pg_last_wal_receive_lsn() AS receive, pg_last_wal_replay_lsn() AS replay

--! bucardo/check_postgres check_postgres.pl: replication_slots
WITH slots AS (SELECT slot_name,
            slot_type,
            coalesce(restart_lsn, '0/0'::pg_lsn) AS slot_lsn,
            coalesce(
              pg_wal_lsn_diff(
                case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
                restart_lsn),
            0) AS delta,
            active
        FROM pg_replication_slots)
        SELECT *, pg_size_pretty(delta) AS delta_pretty FROM slots;

--! bucardo/check_postgres check_postgres.pl: settings_checksum
SELECT name, setting FROM pg_settings WHERE name IN ('max_connections', 'port') ORDER BY name

--! patroni/patroni patroni/postgresql/__init__.py: cluster_info_query of a replica
SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 ELSE ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int END, CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_flush_lsn(), '0/0')::bigint END, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0')::bigint, pg_catalog.pg_wal_lsn_diff(COALESCE(pg_catalog.pg_last_wal_receive_lsn(), '0/0'), '0/0')::bigint, pg_catalog.pg_is_in_recovery() AND pg_catalog.pg_is_wal_replay_paused(), 0, CASE WHEN latest_end_lsn IS NULL THEN NULL ELSE received_tli END, pg_catalog.pg_wal_lsn_diff(written_lsn, '0/0')::bigint, slot_name, conninfo, status, pg_catalog.current_setting('restore_command'), (SELECT pg_catalog.json_agg(s.*) FROM (SELECT slot_name, slot_type AS type, xmin, pg_catalog.pg_wal_lsn_diff(restart_lsn, '0/0')::bigint AS restart_lsn, plugin, datoid::bigint, catalog_xmin, pg_catalog.pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint AS confirmed_flush_lsn, wal_status, failover, synced FROM pg_catalog.pg_get_replication_slots() WHERE NOT temporary AND (NOT failover OR NOT synced)) AS s), 'on', '', NULL FROM pg_catalog.pg_stat_get_wal_receiver()

--! patroni/patroni patroni/api.py: get_postgresql_status, pg_authid replaced by pg_roles
SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.pg_last_xact_replay_timestamp(), pg_catalog.pg_wal_lsn_diff(wr.latest_end_lsn, '0/0')::bigint, wr.status, pg_catalog.current_setting('restore_command'), pg_catalog.pg_wal_lsn_diff(wr.written_lsn, '0/0')::bigint, (SELECT pg_catalog.array_to_json(pg_catalog.array_agg(pg_catalog.row_to_json(ri))) FROM (SELECT (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = usesysid) AS usename, application_name, client_addr, w.state, sync_state, sync_priority FROM pg_catalog.pg_stat_get_wal_senders() w, pg_catalog.pg_stat_get_activity(pid)) AS ri) FROM pg_catalog.pg_stat_get_wal_receiver() AS wr

--! patroni/patroni patroni/postgresql/slots.py: pg_replication_slots_query
SELECT slot_name, slot_type AS type, xmin, pg_catalog.pg_wal_lsn_diff(restart_lsn, '0/0')::bigint AS restart_lsn, plugin, database, datoid::bigint, catalog_xmin, pg_catalog.pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint AS confirmed_flush_lsn, wal_status FROM pg_catalog.pg_replication_slots WHERE NOT temporary

--! patroni/patroni patroni/postgresql/rewind.py: check_leader_is_not_in_recovery
SELECT NOT pg_catalog.pg_is_in_recovery() AND ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name( pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int = timeline_id FROM pg_catalog.pg_control_checkpoint()

--! EnterpriseDB/repmgr dbutils.c: get_replication_info, without its own functions
SELECT ts,
        in_recovery,
        last_wal_receive_lsn,
        last_wal_replay_lsn,
        last_xact_replay_timestamp,
        CASE WHEN (last_wal_receive_lsn = last_wal_replay_lsn)
          THEN 0::INT
        ELSE
          CASE WHEN last_xact_replay_timestamp IS NULL
            THEN 0::INT
          ELSE
            EXTRACT(epoch FROM (pg_catalog.clock_timestamp() - last_xact_replay_timestamp))::INT
          END
        END AS replication_lag_time,
        last_wal_receive_lsn >= last_wal_replay_lsn AS receiving_streamed_wal,
        wal_replay_paused
   FROM (
 SELECT CURRENT_TIMESTAMP AS ts,
        pg_catalog.pg_is_in_recovery() AS in_recovery,
        pg_catalog.pg_last_xact_replay_timestamp() AS last_xact_replay_timestamp,
        COALESCE(pg_catalog.pg_last_wal_receive_lsn(), '0/0'::PG_LSN) AS last_wal_receive_lsn,
        COALESCE(pg_catalog.pg_last_wal_replay_lsn(),  '0/0'::PG_LSN) AS last_wal_replay_lsn,
        CASE WHEN pg_catalog.pg_is_in_recovery() IS FALSE
          THEN FALSE
          ELSE pg_catalog.pg_is_wal_replay_paused()
        END AS wal_replay_paused
          ) q

--! EnterpriseDB/repmgr dbutils.c: get_node_replication_stats
SELECT pg_catalog.current_setting('max_wal_senders')::INT AS max_wal_senders,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication) AS attached_wal_receivers,
        current_setting('max_replication_slots')::INT AS max_replication_slots,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots WHERE slot_type='physical') AS total_replication_slots,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots WHERE active IS TRUE AND slot_type='physical')  AS active_replication_slots,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots WHERE active IS FALSE AND slot_type='physical') AS inactive_replication_slots,
        pg_catalog.pg_is_in_recovery() AS in_recovery

--! EnterpriseDB/repmgr dbutils.c: get_free_replication_slot_count
SELECT pg_catalog.current_setting('max_replication_slots')::INT -
          pg_catalog.count(*)
          AS free_slots,
        pg_catalog.current_setting('max_replication_slots')::INT
          AS max_replication_slots
   FROM pg_catalog.pg_replication_slots s
  WHERE s.slot_type = 'physical'

--! EnterpriseDB/repmgr dbutils.c: connection_has_pg_monitor_role
SELECT CASE
           WHEN pg_catalog.pg_has_role('pg_monitor','USAGE')
             THEN TRUE
           ELSE FALSE
         END AS has_pg_monitor

--! EnterpriseDB/repmgr dbutils.c: system_identifier
SELECT system_identifier FROM pg_catalog.pg_control_system()

--! hapostgres/pg_auto_failover src/bin/common/pgsql.c: pgsql_get_postgres_metadata
select pg_is_in_recovery(),
 coalesce(rep.sync_state, '') as sync_state,
 case when pg_is_in_recovery()
 then coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
 else pg_current_wal_flush_lsn()
 end as current_lsn,
 pg_control_version, catalog_version_no, system_identifier,
 case when pg_is_in_recovery()
 then coalesce(
        (select received_tli from pg_stat_wal_receiver
          where received_tli > 0),
        (select timeline_id from pg_control_checkpoint()))
 else (select timeline_id from pg_control_checkpoint()) 
 end as timeline_id 
 from (values(1)) as dummy
 full outer join
 (select pg_control_version, catalog_version_no, system_identifier 
    from pg_control_system()
 )
 as control on true
 full outer join
 (
   select sync_state
     from pg_replication_slots slot
     join pg_stat_replication rep
       on rep.pid = slot.active_pid
   where slot_name ~ '^pgautofailover_standby_' 
      or slot_name = 'pgautofailover_standby' 
order by case sync_state 
         when 'quorum' then 4 
         when 'sync' then 3 
         when 'potential' then 2 
         when 'async' then 1 
         else 0 end 
    desc limit 1
 ) 
as rep on true

--! hapostgres/pg_auto_failover src/bin/common/pgsql.c: get_postgres_version
select current_setting('server_version_num')::int > 0, current_setting('server_version') <> '', version() ~ '^PostgreSQL', (select extversion from pg_extension where extname = 'citus')

--! hapostgres/pg_auto_failover src/bin/common/pgsql.c: replication_slot_exists
SELECT 1 FROM pg_replication_slots WHERE slot_name = 'none'

--! pgadmin-org/pgadmin4 web/pgadmin/utils/driver/psycopg3/connection.py: database
SELECT
    db.oid as did, db.datname, db.datallowconn,
    pg_encoding_to_char(db.encoding) AS serverencoding,
    has_database_privilege(db.oid, 'CREATE') as cancreate,
    datistemplate
FROM
    pg_catalog.pg_database db
WHERE db.datname = current_database()

--! pgadmin-org/pgadmin4 web/pgadmin/utils/driver/psycopg3/connection.py: gssapi
SELECT
     gss_authenticated, encrypted
FROM
    pg_catalog.pg_stat_gssapi
WHERE pid = pg_backend_pid()

--! pgadmin-org/pgadmin4 web/pgadmin/utils/driver/psycopg3/connection.py: user_info
SELECT
    roles.oid as id, roles.rolname as name,
    roles.rolsuper as is_superuser,
    CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END as
    can_create_role,
    CASE WHEN roles.rolsuper THEN true
    ELSE roles.rolcreatedb END as can_create_db,
    CASE WHEN 'pg_signal_backend'=ANY(ARRAY(WITH RECURSIVE cte AS (
    SELECT pg_roles.oid,pg_roles.rolname FROM pg_roles
        WHERE pg_roles.oid = roles.oid
    UNION ALL
    SELECT m.roleid,pgr.rolname FROM cte cte_1
        JOIN pg_auth_members m ON m.member = cte_1.oid
        JOIN pg_roles pgr ON pgr.oid = m.roleid)
    SELECT rolname  FROM cte)) THEN True
    ELSE False END as can_signal_backend
FROM
    pg_catalog.pg_roles as roles
WHERE
    rolname = current_user

--! pgadmin-org/pgadmin4 web/pgadmin/dashboard/templates/dashboard/sql/default/activity.sql: activity
/*pga4dash*/
SELECT
    pid,
    datname,
    usename,
    application_name,
    client_addr,
    pg_catalog.to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS backend_start,
    state,
    wait_event_type || ': ' || wait_event AS wait_event,
    pg_catalog.pg_blocking_pids(pid) AS blocking_pids,
    query,
    pg_catalog.to_char(state_change, 'YYYY-MM-DD HH24:MI:SS TZ') AS state_change,
    pg_catalog.to_char(query_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS query_start,
    pg_catalog.to_char(xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS xact_start,
    backend_type,
    CASE WHEN state = 'active' THEN ROUND((extract(epoch from now() - query_start) / 60)::numeric, 2) ELSE 0 END AS active_since
FROM
    pg_catalog.pg_stat_activity
ORDER BY pid
