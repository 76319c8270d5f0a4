package settings

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
)

// brought makes a connection whose callers bring endpoint and key.
func (b *builder) brought(name string, c brought) {
	at := place{"byo", name}
	b.callers(at, name, c.Callers)
	open, err := endpoint.NewBrought(endpoint.BroughtConfig{
		AllowHosts: c.AllowHosts, AllowCIDRs: b.egress(at, c.Egress).AllowCIDRs, Roots: b.roots, Budgets: b.settings.budgets(),
	})
	if err != nil {
		b.complainAll(at, err)
		return
	}
	b.settings.Brought = append(b.settings.Brought, Brought{name, c.AllowHosts, open})
	b.settings.Connections = append(b.settings.Connections, &connector.Connection{
		Name:          name,
		DisplayName:   cmp.Or(c.DisplayName, name),
		Open:          len(c.Callers) == 0,
		Calls:         cmp.Or(c.RateLimit.Calls, defaultCalls),
		RenewalPeriod: c.RateLimit.period(),
		Retries:       b.settings.retries(),
		Bring: func(url string, key connector.Secret) (*connector.Target, error) {
			e, err := open.Endpoint(url, key)
			if err != nil {
				return nil, err
			}
			owner := sha256.Sum256([]byte(e.Host() + "\n" + key.Reveal())) // not the path: many lead to one service
			return &connector.Target{Endpoint: e, OneModel: e.OneModel(), Window: name + "/" + hex.EncodeToString(owner[:])}, nil
		},
	})
}
