package settings

import "inferenceconnector/connector/throttle"

// redis describes where the windows are shared.
func (b *builder) redis() {
	s := b.settings
	if s.RedisURL.IsZero() {
		if s.RedisCluster {
			b.complain(place{"CONNECTOR_REDIS_URL"}, "is missing, though CONNECTOR_REDIS_CLUSTER is set")
		}
		return
	}
	s.Redis = &throttle.RedisConfig{URL: s.RedisURL, Cluster: s.RedisCluster, Roots: b.roots}
	if err := s.Redis.Check(); err != nil {
		b.complain(place{"CONNECTOR_REDIS_URL"}, "%v", err)
	}
}
