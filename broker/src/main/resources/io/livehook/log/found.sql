-- R4 (3). The lanes of an owner, and the highest bound in use besides the log: a clock that is behind must not give
-- out ids below it. $1 owner. Index resource_lane, subscription_lane, behind_lane.
select l.id, l.watermark,
       greatest((select max(r.id) from resource r where r.lane = l.id),
                (select max(s.id) from subscription s where s.lane = l.id),
                (select max(b.since) from behind b where b.lane = l.id), 0)::int8 as highest
  from lane l where l.owner_id = $1::int8
