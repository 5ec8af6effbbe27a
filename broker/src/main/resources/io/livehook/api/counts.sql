-- P12 in one snapshot: owed by sequence arithmetic, delivered and dead by rows. $1 subscription. Index subscription_pkey, update_log_resource, attempt_key, dead_letter_pkey, gap_pkey, behind_pkey.
select coalesce(s.to_sequence, case s.mode when 'changes' then coalesce(h.changes_sequence, n.changes_sequence)
         else coalesce(h.sequence, n.sequence) end, s.from_sequence) - s.from_sequence as owed,
       coalesce(c.delivered, 0) + (
         select count(distinct a.update_id) from update_log u
           join attempt a on a.update_id = u.id and a.subscription_id = s.id and a.ended and a.status between 200 and 299
          where u.resource_id = s.resource_id and u.id > greatest(s.id, coalesce(c.through_id, 0))) as delivered,
       (select count(*) from dead_letter d where d.subscription_id = s.id)
         + (select coalesce(sum(g.deliveries), 0) from gap g where g.subscription_id = s.id)::int8 as dead,
       b.reason as behind_reason, b.since as behind_since
  from subscription s
  left join lateral (select u.sequence, u.changes_sequence from update_log u where u.resource_id = s.resource_id order by u.id desc limit 1) h on true
  left join resource_snapshot n on n.resource_id = s.resource_id
  left join subscription_count c on c.subscription_id = s.id
  left join behind b on b.subscription_id = s.id
 where s.id = $1::int8
