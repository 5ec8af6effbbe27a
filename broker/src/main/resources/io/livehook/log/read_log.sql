-- R8. A page of a resource's log in ($2, $3], about 1 MiB at most, each row with the tag of the one before. $1 resource, $4 most rows. Index update_log_resource.
select id, sub_ver, sequence, kind, etag, content_type, headers, body, previous_id, value_id, changes_sequence, changes_id,
       case when page.number > 1 then page.before_tag
            else (select p.etag from update_log p where p.resource_id = $1::int8 and p.id <= $2::int8 order by p.id desc limit 1)
       end as previous_etag
  from (
  select u.*, sum(length(u.body)) over log - length(u.body) as before, lag(u.etag) over log as before_tag, row_number() over log as number
    from update_log u where u.resource_id = $1::int8 and u.id > $2::int8 and u.id <= $3::int8
  window log as (order by u.id)
   order by u.id limit $4::int4) page
 where before < 1048576 order by id
