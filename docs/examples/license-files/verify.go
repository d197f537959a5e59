// Verify a Forecourt license file, as docs/licenses.md says.
//
//	go run verify.go LICENSE KEYS PRODUCT SEEN
//
// LICENSE is the file; KEYS a folder with the vendor's public keys, each as <kid>.pem; PRODUCT this
// product's slug; SEEN a file that keeps the latest time. Go 1.18 or later, no packages.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// License is what a file says; the order of the fields is part of the format.
type License struct {
	Expires        string  `json:"expires"`
	Fingerprint    string  `json:"fingerprint"`
	Format         string  `json:"format"`
	Grace          int64   `json:"grace"`
	Issued         string  `json:"issued"`
	Kid            string  `json:"kid"`
	License        string  `json:"license"`
	LicenseEnds    *string `json:"license_ends"`
	LicenseStarts  string  `json:"license_starts"`
	Organization   string  `json:"organization"`
	OrganizationID int64   `json:"organization_id"`
	Plan           string  `json:"plan"`
	Product        string  `json:"product"`
	Seats          *int64  `json:"seats"`
}

const (
	lines  = "((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n)"
	layout = "2006-01-02T15:04:05Z"
)

var (
	blocks = regexp.MustCompile(`\A` + block("LICENSE") + block("SIGNATURE") + `\z`)
	kids   = regexp.MustCompile(`\A[A-Za-z0-9_-]{43}\z`)
)

func block(name string) string {
	return "-----BEGIN FORECOURT " + name + "-----\n" + lines + "-----END FORECOURT " + name + "-----\n"
}

func decode(lines string) ([]byte, error) {
	return base64.StdEncoding.Strict().DecodeString(strings.ReplaceAll(lines, "\n", ""))
}

// signed returns what the file says, if the vendor signed exactly that.
func signed(text, keys string) (*License, error) {
	found := blocks.FindStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"))
	if found == nil {
		return nil, errors.New("this is not a license file")
	}
	payload, err := decode(found[1])
	if err != nil {
		return nil, err
	}
	signature, err := decode(found[2])
	if err != nil {
		return nil, err
	}
	var said License
	if err := json.Unmarshal(payload, &said); err != nil {
		return nil, err
	}
	var again bytes.Buffer
	encoder := json.NewEncoder(&again)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(said); err != nil {
		return nil, err
	}
	if !bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), payload) ||
		said.Format != "forecourt-license/1" || !kids.MatchString(said.Kid) {
		return nil, errors.New("unknown format")
	}
	key, err := publicKey(filepath.Join(keys, said.Kid+".pem"))
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(key, payload, signature) {
		return nil, errors.New("the signature is not right")
	}
	return &said, nil
}

func publicKey(path string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("signed with a key that this product does not know")
	}
	found, _ := pem.Decode(text)
	if found == nil {
		return nil, errors.New("the key cannot be read")
	}
	parsed, err := x509.ParsePKIXPublicKey(found.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("the key is of another kind")
	}
	return key, nil
}

// latest returns now; if the clock was set back, the latest time that was seen.
func latest(seen string, issued time.Time) (time.Time, error) {
	now := time.Now().UTC()
	if issued.After(now) {
		now = issued
	}
	if text, err := os.ReadFile(seen); err == nil {
		kept, err := time.Parse(layout, strings.TrimSpace(string(text)))
		if err != nil {
			return now, err
		}
		if kept.After(now) {
			now = kept
		}
	}
	return now, os.WriteFile(seen, []byte(now.Format(layout)+"\n"), 0o644)
}

func verify(file, keys, product, seen string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	said, err := signed(string(text), keys)
	if err != nil {
		return "", err
	}
	if said.Product != product {
		return "", errors.New("this license is for another product")
	}
	if said.Grace < 0 || said.Grace > 90 {
		return "", errors.New("unknown format")
	}
	if said.LicenseEnds == nil {
		said.LicenseEnds = &said.Expires
	}
	var times [4]time.Time
	for i, text := range []string{said.Issued, said.LicenseStarts, said.Expires, *said.LicenseEnds} {
		if times[i], err = time.Parse(layout, text); err != nil {
			return "", err
		}
	}
	issued, starts, end := times[0], times[1], times[2]
	if times[3].Before(end) {
		end = times[3]
	}
	now, err := latest(seen, issued)
	if err != nil {
		return "", err
	}
	last := end.Add(time.Duration(said.Grace) * 24 * time.Hour)
	switch {
	case now.Before(starts):
		return "", errors.New("the license has not started")
	case now.Before(end):
		return "valid until " + end.Format(layout), nil
	case now.Before(last):
		return "in grace until " + last.Format(layout), nil
	}
	return "", errors.New("the license file has ended")
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "verify LICENSE KEYS PRODUCT SEEN")
		os.Exit(1)
	}
	answer, err := verify(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err != nil {
		fmt.Fprintln(os.Stderr, "not valid:", err)
		os.Exit(1)
	}
	fmt.Println(answer)
}
