package settings

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// A Host is where the program runs.
type Host string

// The hosts.
const (
	Standalone Host = "standalone"
	Functions  Host = "functions"
	Lambda     Host = "lambda"
)

// functionsStream is how long a stream may last behind Azure's load balancer, which ends a request that is
// idle for 230 s (contract/reliability.md section 2).
const functionsStream = 220 * time.Second

// checkHost checks and completes what depends on the host.
func (s *Settings) checkHost() (found complaints) {
	found = append(s.checkScope(), s.checkPublicURL()...)
	if _, given := os.LookupEnv("CONNECTOR_STREAM_TIMEOUT"); s.Host == Functions && !given {
		s.StreamTimeout = functionsStream
	}
	return found
}

// checkPublicURL finds the address of the app.
func (s *Settings) checkPublicURL() (found complaints) {
	address := s.PublicURL
	if name := os.Getenv("WEBSITE_HOSTNAME"); address == "" && s.Host == Functions && name != "" {
		address = "https://" + name + "/api"
	}
	if address == "" {
		return nil
	}
	var err error
	if s.Public, err = ParsePublicURL(address); err != nil {
		found.add(place{"CONNECTOR_PUBLIC_URL"}, "%v", err)
	}
	return found
}

// ParsePublicURL reads the address of an app.
func ParsePublicURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("must be an address such as https://contoso-inference.azurewebsites.net/api, with no query in it")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// timerZone is the time zone in which the platform fires all timers, and the rule that says so. It is "" where
// each schedule has its own.
func (h Host) timerZone() (zone, rule string) {
	if h != Functions {
		return "", ""
	}
	switch set := os.Getenv("WEBSITE_TIME_ZONE"); {
	case os.Getenv("WEBSITE_SKU") == "FlexConsumption":
		return "UTC", "must be UTC, in which Flex Consumption fires all timers; remove it, and put cron into UTC"
	case set != "":
		return set, "must be the time zone in WEBSITE_TIME_ZONE, in which the app fires all its timers"
	}
	return "UTC", "must be UTC, in which an app fires all its timers unless WEBSITE_TIME_ZONE names another time zone"
}

// checkScope tells for whom the limit holds. No more than was said is ever assumed: a limit that is each
// process's own is many times as high on a host that runs many (R10).
func (s *Settings) checkScope() (found complaints) {
	at, isShared := place{"CONNECTOR_RATE_LIMIT_SCOPE"}, !s.RedisURL.IsZero()
	switch s.RateLimitScope {
	case "shared":
		if !isShared {
			found.add(at, "is shared, but CONNECTOR_REDIS_URL is missing")
		}
	case "process":
		if isShared {
			found.add(at, "is process, but with CONNECTOR_REDIS_URL the limit is shared; leave one of them out")
		}
	case "":
		switch {
		case isShared:
			s.RateLimitScope = "shared"
		case s.Host == Standalone:
			s.RateLimitScope = "process"
		default:
			found.add(at, "is missing; process says in so many words that the limit holds for each instance, not for all; with CONNECTOR_REDIS_URL it holds for all")
		}
	default:
		found.add(at, "must be shared or process")
	}
	return found
}

// isOpen reports whether a connection takes everyone who reaches the process: only on a machine of one's own.
func (s *Settings) isOpen(callers []caller) bool {
	return len(callers) == 0 && s.Host == Standalone
}

// checkReach refuses connections that anyone could use over the network.
func (b *builder) checkReach() {
	if b.settings.Host != Standalone {
		if !b.settings.TrustPlatform && !b.known.touch(place{"auth", "trustPlatform"}) {
			b.demandCallers("is missing, and nobody else checks who calls; set it, or auth.trustPlatform")
		}
		return
	}
	host, port, err := net.SplitHostPort(b.settings.Listen)
	if n, errPort := strconv.Atoi(port); err != nil || errPort != nil || n < 0 || n > 65535 {
		b.complain(place{"CONNECTOR_LISTEN"}, "must be an address and a port, such as 127.0.0.1:7071")
		return
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		b.demandCallers("is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1")
	}
}

func (b *builder) demandCallers(complaint string) {
	for _, c := range b.settings.Connections {
		if c.Bring == nil && !b.settings.Callers.Know(c.Name) {
			b.complain(place{"connections", c.Name, "callers"}, "%s", complaint)
		}
	}
}
