-- The newest updates that a subscription is owed, with what the tables say of each. $1 resource, $2 subscription, $3 from_sequence, $4 to_sequence or null, $5 whether it is subscribed to changes. Index update_log_resource, retry_pkey, dead_letter_pkey, gap_pkey.
select u.id, case when $5::bool then u.changes_sequence else u.sequence end as sequence, u.kind, u.content_type, octet_length(u.body) as size,
       t.next_at, t.reason as retry_reason, d.at as dead_at, coalesce(d.reason, g.reason) as dead_reason
  from update_log u
  left join retry t on t.subscription_id = $2::int8 and t.update_id = u.id
  left join dead_letter d on d.subscription_id = $2::int8 and d.update_id = u.id
  left join lateral (
    select g.reason from gap g where g.subscription_id = $2::int8 and g.from_id < u.id and u.id <= g.to_id limit 1) g on true
 where u.resource_id = $1::int8 and (u.kind = 2 or u.kind = case when $5::bool then 1 else 0 end)
   and case when $5::bool then u.changes_sequence else u.sequence end > $3::int8
   and ($4::int8 is null or case when $5::bool then u.changes_sequence else u.sequence end <= $4::int8)
 order by u.id desc limit 50
