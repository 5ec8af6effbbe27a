-- Attempts of some deliveries of a subscription. $1 subscription, $2 updates, $3 lowest and $4 highest of them. Index attempt_key.
select a.update_id, a.number, a.at, a.duration, a.status, a.ended, a.reason,
       substr(a.answer, 1, 1024) as answer, octet_length(a.answer) as answer_length
  from attempt a
 where a.update_id = any($2::int8[]) and a.update_id >= $3::int8 and a.update_id <= $4::int8 and a.subscription_id = $1::int8
 order by a.update_id, a.number, a.at limit 1000
