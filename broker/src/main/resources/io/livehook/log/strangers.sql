-- R5. Other nodes that hold lanes, with their beats. $1 this node.
select n.id, n.name, (extract(epoch from n.beat_until) * 1000)::int8 as beat,
       n.beat_until < clock_timestamp() as run_out
  from node n where n.id <> $1::int8
   and exists (select 1 from owner o join lane l on l.owner_id = o.id where o.node_id = n.id and o.ended_at is null)
