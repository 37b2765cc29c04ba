// SPDX-License-Identifier: MIT
//
// Makes a self-signed certificate, for TLS servers that tests start.
#pragma once

#include <string>

namespace notify::test {

struct certificate {
    std::string pem;      // the certificate; also its own authority
    std::string key_pem;  // its private key
};

// name is a subjectAltName as OpenSSL writes it: "DNS:localhost,IP:127.0.0.1".
[[nodiscard]] certificate make_certificate(std::string const& name);

}  // namespace notify::test
