-- R1. A new owner, and the owners that it may replace (R4, R5): of this node, over already, or of a node seen dead whose lease has run out. In the session that holds the node's name. $1 node, $2 lanes, $3 nodes seen dead.
with me as (insert into owner (node_id) values ($1::int8) returning id)
select me.id, array(
         select distinct o.id from lane l join owner o on o.id = l.owner_id join node n on n.id = o.node_id
          where l.id = any($2::int4[])
            and (o.node_id = $1::int8 or o.ended_at is not null
                 or (o.node_id = any($3::int8[]) and n.beat_until < clock_timestamp()))
          order by o.id) as replaced
  from me
