-- R5. Heartbeat; reads back which of the node's owners live. $1 node.
with beat as (update node set beat_until = clock_timestamp() + interval '10 seconds' where id = $1::int8 returning id)
select (extract(epoch from clock_timestamp()) * 1000)::int8 as now,
       array(select o.id from owner o, beat where o.node_id = beat.id and o.ended_at is null) as owners
