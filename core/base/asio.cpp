// SPDX-License-Identifier: MIT
//
// The one translation unit that compiles Asio and its TLS part; every other
// one sees declarations only (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
