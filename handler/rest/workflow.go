package rest

import (
	"log/slog"
	"net/http"
	"strings"
)

// The headers by which workflow engines and the connector gateway say who calls. They are the only ones that are
// logged, and they decide nothing: anybody can send them. The subscription, the resource group and the address of a
// trigger, which is signed, come along with them and are left alone.
var workflowHeaders = []string{
	"X-Ms-Client-Tracking-Id", // of the run, as its author may set it: the best one to search for
	"X-Ms-Workflow-Run-Id", "X-Ms-Workflow-Run-Tracking-Id",
	"X-Ms-Workflow-Name", "X-Ms-Workflow-Id", "X-Ms-Workflow-Version", "X-Ms-Workflow-System-Id",
	"X-Ms-Workflow-Operation-Name", "X-Ms-Workflow-Repeatitem-Scope-Name", "X-Ms-Workflow-Repeatitem-Index",
	"X-Ms-Action-Tracking-Id", "X-Ms-Tracking-Id", "X-Ms-Correlation-Id", "X-Ms-Activity-Vector",
}

// workflowIDs returns those that came, under the names that log lines have for them: workflow_run_id.
func workflowIDs(header http.Header) (ids []slog.Attr) {
	for _, name := range workflowHeaders {
		if values := header[name]; len(values) > 0 && values[0] != "" {
			key := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "X-Ms-")), "-", "_")
			ids = append(ids, slog.String(key, values[0]))
		}
	}
	return ids
}
