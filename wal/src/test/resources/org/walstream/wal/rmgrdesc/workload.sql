-- Makes every type of record of tables and indexes that README.md's files have.

create table h(id int primary key, v text, n int) with (fillfactor=90);
insert into h select g, 'row '||g, g%7 from generate_series(1,4000) g;
create index h_n on h(n);
create index h_v on h(v);
checkpoint;
update h set v = v||'x' where id%3=0;
update h set n = n where id%5=0;
delete from h where id%11=0;
vacuum h;
vacuum (freeze) h;
begin; select * from h where id<20 for update; commit;
begin; select * from h where id<20 for key share; savepoint a; update h set n=n+1 where id between 5 and 15; rollback to a; update h set v='upd' where id = 14; commit;
insert into h values (5,'conflict',1) on conflict (id) do update set v='c';
insert into h values (1000005,'spec',1) on conflict do nothing;
create table t2(a int); create table t3(a int, s serial);
insert into t2 values (1); 
truncate t2, t3 restart identity cascade;
copy t2 from program 'seq 1 3000';
begin; create table tf(a int, b text); 
copy tf from program 'seq 1 3000 | sed "s/$/\tabc/"' with (freeze); commit;
vacuum tf;
create table lu(a int primary key, b int); insert into lu select g,g from generate_series(1,100) g;
-- btree
create table b(a int, d int); create index b_a on b(a); create index b_d on b(d);
insert into b select g%50, g from generate_series(1,30000) g;
insert into b select g%50, g from generate_series(1,30000) g;
delete from b where a%2=0; vacuum b;
delete from b where d%3=0; vacuum b;
delete from b where d<25000; vacuum b; vacuum b;
insert into b select g, g from generate_series(1,20000) g; vacuum b;
create table dd(a int, b int, c text); create index dd_a on dd(a); create index dd_b on dd(b);
insert into dd select g%10,g,'x' from generate_series(1,2000) g;
do $$ begin for i in 1..30 loop update dd set b=b+1; end loop; end $$;
do $$ begin for i in 1..30 loop update dd set a=(a+1)%10 where b%10=i%10; commit; end loop; end $$;
-- many versions on one key to get index delete / dedup
create table hot(a int primary key, b int, c int); create index hot_b on hot(b); create index hot_c on hot(c);
insert into hot select g,g,g%3 from generate_series(1,1000) g;
do $$ begin for i in 1..60 loop update hot set b=b+1 where a<=300; commit; end loop; end $$;
select count(*) from hot where b>0; 
set enable_seqscan=off; set enable_bitmapscan=off;
select count(*) from hot where b between 1 and 100000; 
do $$ begin for i in 1..60 loop update hot set b=b+1 where a<=300; commit; perform count(*) from hot where b between 1 and 100000; end loop; end $$;
reset enable_seqscan; reset enable_bitmapscan;
-- hash
create table hh(a int, t text); create index hh_a on hh using hash(a); create index hh_t on hh using hash(t);
insert into hh select g%3000, 'k'||(g%17) from generate_series(1,20000) g;
delete from hh where a%2=0; vacuum hh;
delete from hh where a%5=0; vacuum hh;
insert into hh select g%3000, 'k'||(g%17) from generate_series(1,20000) g;
set enable_seqscan=off; set enable_bitmapscan=off;
delete from hh where t='k3'; 
select count(*) from hh where t='k3';
do $$ begin for i in 1..400 loop perform count(*) from hh where t='k3'; insert into hh select i,'k3' from generate_series(1,20); delete from hh where t='k3'; commit; end loop; end $$;
reset enable_seqscan; reset enable_bitmapscan;
delete from hh; vacuum hh;
-- gin
create table gg(a int[], t tsvector); create index gg_a on gg using gin(a) with (fastupdate=on); create index gg_t on gg using gin(t) with (fastupdate=off); create index gg_a2 on gg using gin(a) with (fastupdate=off);
insert into gg select array[g%10, g%100, g%1000, g], to_tsvector('simple', 'w'||(g%5)||' x'||(g%500)||' y'||g) from generate_series(1,20000) g;
vacuum gg; delete from gg where a[1]%2=0; vacuum gg;
delete from gg where a[1]<8; vacuum gg;
insert into gg select array[g%10, g%100, g%1000, g], to_tsvector('simple', 'w'||(g%5)||' x'||(g%500)||' y'||g) from generate_series(1,20000) g;
select gin_clean_pending_list('gg_a');
delete from gg; vacuum gg; vacuum gg;
-- gist
create table gi(p point, b box); create index gi_p on gi using gist(p); create index gi_b on gi using gist(b);
insert into gi select point(g%777, g%333), box(point(g,g),point(g+1,g+1)) from generate_series(1,20000) g;
delete from gi where p[0]::int%2=0; vacuum gi;
delete from gi where p[0]<700; vacuum gi; vacuum gi; 
insert into gi select point(g%777, g%333), box(point(g,g),point(g+1,g+1)) from generate_series(1,20000) g;
set enable_seqscan=off; set enable_bitmapscan=off;
do $$ begin for i in 1..20 loop delete from gi where p <@ box(point(0,0),point(100,100)); perform count(*) from gi where p <@ box(point(0,0),point(100,100)); insert into gi select point(g%100, g%33), box(point(g,g),point(g+1,g+1)) from generate_series(1,1000) g; commit; end loop; end $$;
reset enable_seqscan; reset enable_bitmapscan;
create index gi_built on gi using gist(p);
-- spgist
create table sp(p point, t text); create index sp_p on sp using spgist(p); create index sp_t on sp using spgist(t); create index sp_k on sp using spgist(p kd_point_ops);
insert into sp select point((g*7919)%10007, (g*104729)%10007), 'prefix'||md5(g::text) from generate_series(1,20000) g;
insert into sp select null, null from generate_series(1,500);
insert into sp select point(1,1), repeat('ab', g%200)||g from generate_series(1,5000) g;
delete from sp where p[0]::int%2=0; vacuum sp; delete from sp where t like '%5'; vacuum sp; vacuum sp;
insert into sp select point((g*7919)%10007, (g*104729)%10007), 'prefix'||md5(g::text)||'z' from generate_series(1,10000) g; vacuum sp;
create table sps(t text); create index sps_t on sps using spgist(t); insert into sps values ('a'),('b'),('c'); delete from sps; vacuum sps;
insert into sps select chr(33+g%90)||chr(33+(g/90)%90)||g from generate_series(1,9000) g; 
-- brin
create table br(a int, b text) with (fillfactor=20); create index br_a on br using brin(a) with (pages_per_range=1); create index br_b on br using brin(b) with (pages_per_range=1);
insert into br select g, g::text from generate_series(1,30000) g;
select brin_summarize_new_values('br_a'), brin_summarize_new_values('br_b');
update br set a=a+100000, b=repeat(md5(a::text),20) where a%97=0;
vacuum br;
select brin_desummarize_range('br_a', 3), brin_desummarize_range('br_b', 5);
insert into br select g, repeat(md5(g::text), 30) from generate_series(1,3000) g; vacuum br;
create table br2(a int); insert into br2 select g from generate_series(1,500000) g; create index br2a on br2 using brin(a) with (pages_per_range=1);
-- catalog changes, new cid, inplace
create table cat1(a int primary key, b text unique); alter table cat1 add c int; alter table cat1 alter a type bigint; analyze cat1; drop table cat1;
vacuum full pg_class; vacuum (freeze, full) h; cluster h using h_pkey;
create index concurrently h_n2 on h(n);
vacuum freeze; 
begin; savepoint s1; insert into t2 values (1); savepoint s2; insert into t2 values (2); rollback to s1; commit;
create table bu(a int); create index bu_a on bu(a); insert into bu select g from generate_series(1,300000) g; 
delete from bu where a<299990; vacuum bu; select txid_current(); select txid_current(); vacuum bu; vacuum bu;
insert into bu select g from generate_series(300001,420000) g; vacuum bu;
create table gx(a int[]); create index gx_a on gx using gin(a) with (fastupdate=off); insert into gx select '{1}' from generate_series(1,200000) g;
delete from gx where ctid < '(500,0)'; vacuum gx; vacuum gx;
create table gq(p point); create index gq_p on gq using gist(p); insert into gq select point(g,g) from generate_series(1,30000) g; delete from gq; vacuum gq; select txid_current(); 
begin; select txid_current(); savepoint a; insert into gq values ('0,0'); commit; vacuum gq; vacuum gq; insert into gq select point(g,g) from generate_series(1,30000) g;
create unlogged table ul(p point); create index ul_p on ul using gist(p); insert into ul select point(g,g) from generate_series(1,3000) g;
begin; create table gn(p point); create index gn_p on gn using gist(p); insert into gn select point(g,g) from generate_series(1,30000) g; commit;
