package lambda

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudget(t *testing.T) {
	for name, test := range map[string]struct{ left, limit, want time.Duration }{
		"an API hangs up first":          {900 * time.Second, gatewayBudget, 28 * time.Second},
		"the function ends first":        {10 * time.Second, gatewayBudget, 9 * time.Second},
		"without an API":                 {300 * time.Second, functionBudget, 299 * time.Second},
		"the longest that a function is": {900 * time.Second, functionBudget, 899 * time.Second},
		"no deadline":                    {0, functionBudget, 900 * time.Second},
		"less than the margin":           {time.Second / 2, functionBudget, -time.Second / 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := t.Context(), func() {}
				if test.left > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.left)
				}
				defer cancel()
				ctx, end := budget(ctx, test.limit)
				defer end()
				if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) != test.want {
					t.Errorf("got %v, want %v", time.Until(deadline), test.want)
				}
			})
		})
	}
}
