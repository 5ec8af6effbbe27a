-- R12. New options of an active subscription. $1 id, $2 strict, $3 max in flight, $4 retry schedule, $5 secret, $6 lease end in ms, $7 merge, $8 form.
update subscription set strict = $2::bool, max_in_flight = $3::int4, retry_schedule = $4::text, secret = $5::text,
  lease_until = case when $6::int8 < 253402300800000 then to_timestamp($6::int8 / 1000.0) end, merge = $7::bool, form = $8::text
 where id = $1::int8 and status = 'active'
