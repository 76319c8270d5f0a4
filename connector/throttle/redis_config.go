package throttle

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"inferenceconnector/connector"
)

// RedisConfig says where Redis is. Only URL is required. Redis is 6.2 or newer, or Valkey. All that the user
// of the URL needs to be allowed is
//
//	~inference-connector:* +eval +evalsha +time +zrange +zremrangebyscore +zcard +zscore +zadd +pexpire
//
// with +select for another database than 0, and +cluster|slots +asking for a cluster.
type RedisConfig struct {
	URL     connector.Secret // redis://[user:password@]host:port[/db], rediss:// for TLS
	Cluster bool             // of a cluster the URL names one node, and others as ?addr=host:port
	Roots   *x509.CertPool   // nil for the system's
}

// dialLimit is how long a connection may take. It is longer than a try: a slow one is there for the next.
const dialLimit = time.Second

// A connection is in use for one round trip. More of them would mostly wait for one another's handshakes. What
// was idle for longer than maxIdle may have been forgotten by a firewall in between.
const (
	maxConnections = 16
	maxIdle        = time.Minute
	bufferSize     = 4 << 10 // the script fits in
)

type client interface {
	redis.Scripter
	io.Closer
}

// Check reports what is wrong, for people who know what the URL was given as. It tells no part of it.
func (c RedisConfig) Check() error {
	_, err := c.connector()
	return err
}

// connector returns what makes clients.
func (c RedisConfig) connector() (func() client, error) {
	o := &redis.UniversalOptions{
		Protocol: 2, DisableIdentity: true, // no question at the start but who we are
		MaxRetries: -1, DialerRetries: 1, // there is one repeat, in ask
		ContextTimeoutEnabled: true, DialTimeout: dialLimit, ReadTimeout: tryLimit, WriteTimeout: tryLimit, PoolTimeout: tryLimit,
		PoolSize: maxConnections, ConnMaxIdleTime: maxIdle, PipelinePoolSize: -1, ReadBufferSize: bufferSize, WriteBufferSize: bufferSize,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}, // they would change time limits
	}
	if err := c.read(o); err != nil {
		return nil, err
	}
	if c.Cluster {
		nodes := o.Cluster()
		nodes.DisableRoutingPolicies = true // they ask for all commands there are, for as long as 5 s, and again where that is refused
		return func() client { return redis.NewClusterClient(nodes) }, nil
	}
	return func() client { return redis.NewClient(o.Simple()) }, nil
}

// read takes from the URL who and where Redis is, and nothing else.
func (c RedisConfig) read(o *redis.UniversalOptions) error {
	var asked *tls.Config
	if c.Cluster {
		u, err := redis.ParseClusterURL(c.URL.Reveal())
		if err != nil { // which may hold the password
			return errors.New("must be redis://user:password@host:6379, or rediss:// for TLS, with further nodes of the cluster as ?addr=host:6379")
		}
		o.Addrs, o.Username, o.Password, asked = u.Addrs, u.Username, u.Password, u.TLSConfig
	} else {
		u, err := redis.ParseURL(c.URL.Reveal())
		if err != nil || u.Network != "tcp" {
			return errors.New("must be redis://user:password@host:6379, or rediss:// for TLS")
		}
		o.Addrs, o.Username, o.Password, o.DB, asked = []string{u.Addr}, u.Username, u.Password, u.DB, u.TLSConfig
	}
	if asked != nil { // it may say not to verify
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots, ServerName: asked.ServerName}
	}
	return nil
}

// silence drops what the client logs: addresses, and failures that we tell ourselves.
var silence = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
