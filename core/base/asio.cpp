// SPDX-License-Identifier: MIT
//
// The one translation unit that compiles Asio and its TLS part. Every other one sees
// declarations only (BOOST_ASIO_SEPARATE_COMPILATION, set for all of core in CMakeLists.txt),
// and would not link without this file.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
