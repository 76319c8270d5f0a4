-- Decides about one attempt on one window, in one step.
-- KEYS[1]: the window, a sorted set of admitted attempts by time. ARGV: id of the attempt, calls, period in microseconds.
-- Returns {0, slots left} for an admitted attempt, {microseconds until a slot is free, 0} for a refused one.
local key, id, calls, period = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local real = clock[1] * 1000000 + clock[2]
local now = real

-- A clock that was set back stands still at the latest time seen: too much may be refused, never admitted.
local newest = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2]
if newest and tonumber(newest) > now then
  now = tonumber(newest)
end

redis.call('ZREMRANGEBYSCORE', key, '-inf', now - period)
local used = redis.call('ZCARD', key)
if not redis.call('ZSCORE', key, id) then -- else it is asked again, as the answer was lost
  if used >= calls then
    local first = redis.call('ZRANGE', key, used - calls, used - calls, 'WITHSCORES')[2]
    return {tonumber(first) + period - now, 0}
  end
  redis.call('ZADD', key, now, id)
  used = used + 1
end
redis.call('PEXPIRE', key, math.ceil((now - real + period) / 1000) + 1000)
return {0, math.max(calls - used, 0)}
