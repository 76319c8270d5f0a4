package endpoint

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// address is where an endpoint is, as read from its configuration (contract/reliability.md, S2).
type address struct {
	scheme     string
	host       string // with the port, if one is written
	base       string // escaped path without a slash at its end
	apiVersion string // from a full target address, as portals show it
	loopback   bool   // the host is written as a loopback name or address
}

// Ends of a full target address, which is cut back to its base.
var operations = []string{"/chat/completions", "/images/embeddings", "/embeddings", "/completions", "/info"}

// parseAddress reads an endpoint's URL. Its errors never repeat the URL, which may hold a secret.
func parseAddress(text string, egress Egress) (address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return address{}, errors.New("endpoint must be a whole URL, such as https://team.services.ai.azure.com/models")
	}
	a := address{scheme: u.Scheme, host: strings.ToLower(u.Host), loopback: isLoopbackName(u.Hostname())}
	a.base = strings.TrimRight(u.EscapedPath(), "/")
	for _, operation := range operations {
		if base, ok := strings.CutSuffix(a.base, operation); ok {
			a.base = base
			query := u.Query()
			a.apiVersion = query.Get("api-version")
			query.Del("api-version")
			u.RawQuery = query.Encode()
			break
		}
	}
	return a, errors.Join(a.check(u, egress)...)
}

func (a address) check(u *url.URL, egress Egress) (problems []error) {
	trusted := a.loopback && egress.TrustLoopback
	if u.User != nil {
		problems = append(problems, errors.New("endpoint must not hold a user name or password"))
	}
	if u.RawQuery != "" || u.ForceQuery {
		problems = append(problems, errors.New("endpoint must not have a query; an api-version goes into apiVersion"))
	}
	if u.Fragment != "" {
		problems = append(problems, errors.New("endpoint must not have a fragment (#...)"))
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		problems = append(problems, errors.New("endpoint must begin with https://"))
	case u.Scheme == "http" && !trusted && !egress.AllowPlainHTTP:
		problems = append(problems, errors.New("endpoint must begin with https://; egress.allowPlainHttp permits http"))
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !trusted && !egress.allows(ip) {
		problems = append(problems, fmt.Errorf("endpoint must be a host name; egress.allowCidrs permits an address such as %s", ip))
	}
	return problems
}

func isLoopbackName(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}
